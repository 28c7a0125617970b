"""A review of a Git commit, on all engines at the same time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness.projects import project_in
from tests.harness.reviews import commit

SCHEMAS = {
    "schema.sql": "CREATE TABLE t (a integer NOT NULL PRIMARY KEY, b text NULL);\nCREATE INDEX t_b_idx ON t (b);\n",
    "sql/postgresql/schema.sql": "CREATE TABLE t (a bigint NOT NULL PRIMARY KEY, b text NULL);\n"
    "CREATE INDEX t_b_idx ON t (b);\n",
    "sql/mariadb/schema.sql": "CREATE TABLE t (a bigint NOT NULL PRIMARY KEY, b varchar(50) NULL);\n"
    "CREATE INDEX t_b_idx ON t (b);\n",
}

STATEMENTS = """\
-- name: of_b :many
SELECT a FROM t WHERE b = :b;

-- name: page :many
SELECT a FROM t
WHERE
    TRUE
    AND b = :b -- if :b
ORDER BY a;

-- name: put :exec
-- @param a int
INSERT INTO t (a, b) VALUES (:a, :b);
"""


@pytest.fixture
def reviewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], empty_urls: dict[str, str]
) -> Any:
    """The review of these files instead of those of the last commit, as JSON: ``reviewed(files)``."""
    servers = [part for engine, url in empty_urls.items() if engine != "sqlite" for part in ("--db", url)]
    with project_in(tmp_path, monkeypatch, capsys) as project:
        project.write({**SCHEMAS, "sql/t.sql": STATEMENTS})
        commit(tmp_path)

        def run(files: dict[str, str]) -> Any:
            project.write(files)
            done = project.pydb("review", "HEAD", *servers, "--format", "json")
            assert done.code == 0, done.err
            return json.loads(done.out)

        yield run


def test_a_changed_statement(reviewed: Any) -> None:
    """Each engine has the plans before and after, and the same tables and columns."""
    found = reviewed(
        {"sql/t.sql": STATEMENTS.replace("SELECT a FROM t WHERE b = :b;", "SELECT b FROM t WHERE a = :a;")}
    )
    (change,) = found["changes"]
    assert [engine["engine"] for engine in change["engines"]] == ["sqlite", "postgresql", "mariadb"]
    for engine in change["engines"]:
        (plan,) = engine["plans"]
        assert "t_b_idx" in plan["old"]
        assert "t_b_idx" not in plan["new"]
        assert engine["touches"] == {"old": "select t: a, b", "new": "select t: a, b"}
        assert engine["rights"]["old"] == engine["rights"]["new"]
    assert found["safe"] is True
    assert len(found["products"]) == 3


def test_a_dropped_index(reviewed: Any) -> None:
    """A statement with the same text has a page if its plan has changed, on every engine."""
    found = reviewed({name: text.partition("CREATE INDEX")[0] for name, text in SCHEMAS.items()})
    kinds = {change["name"]: change["kind"] for change in found["changes"]}
    assert kinds == {"t.of_b": "affected", "t.page": "affected"}
    (of_b, _) = found["changes"]
    assert all(plan["old"] != plan["new"] for engine in of_b["engines"] for plan in engine["plans"])


def test_an_unsafe_deploy(reviewed: Any) -> None:
    """The old INSERT fails on the new schema of each engine, and the new INSERT must be deployed later."""
    files = {name: text.replace("NULL);", "NULL, c integer NOT NULL);", 1) for name, text in SCHEMAS.items()}
    new = STATEMENTS.replace("INSERT INTO t (a, b) VALUES (:a, :b)", "INSERT INTO t (a, b, c) VALUES (:a, :b, 1)")
    found = reviewed({**files, "sql/t.sql": new})
    assert found["safe"] is False
    (put,) = [change for change in found["changes"] if change["unsafe"]]
    assert put["name"] == "t.put"
    assert {finding["file"] for finding in put["unsafe"]} == {"sql/t.sql"}
    assert put["notes"] != []


def test_an_engine_that_refuses(reviewed: Any) -> None:
    """A statement that one engine refuses is reported for only that engine."""
    found = reviewed({"sql/t.sql": STATEMENTS + "\n-- name: types :many\nSELECT typeof(b) AS b FROM t;\n"})
    (change,) = found["changes"]
    assert [engine["refused"] is not None for engine in change["engines"]] == [False, True, True]


def test_rights(reviewed: Any) -> None:
    """A server's rights are shown one by one, for all variants together; SQLite has no rights."""
    line = "    AND b = :b -- if :b\n"
    found = reviewed(
        {"sql/t.sql": STATEMENTS.replace(line, "").replace("SELECT a FROM t\n", "SELECT a, 1 AS one FROM t\n")}
    )
    (change,) = found["changes"]
    rights = {engine["engine"]: engine["rights"] for engine in change["engines"]}
    assert rights["sqlite"] == {"old": None, "new": None}
    assert rights["postgresql"] == {"old": 'SELECT ("a") ON "t"\nSELECT ("b") ON "t"', "new": 'SELECT ("a") ON "t"'}
    assert rights["mariadb"] == {"old": "SELECT (`a`) ON `t`\nSELECT (`b`) ON `t`", "new": "SELECT (`a`) ON `t`"}
