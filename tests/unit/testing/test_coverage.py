"""The statements and variants that no test has run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import pydb
from pydb.errors import ParameterError, PydbError
from pydb.testing.coverage import StatementCoverage

STATEMENTS = """\
-- name: one :one scalar
SELECT 1;

-- name: never :one scalar
SELECT 2;

-- name: wanting :one scalar
SELECT :x;

-- name: search :many scalar
SELECT 1 AS found
WHERE
    TRUE
    AND 1 = :a -- if :a
    AND 2 = :b; -- if :b
"""


@pytest.fixture
def coverage(sql: Path) -> Iterator[StatementCoverage]:
    """The coverage of a project with a few statements, and with a form for another engine."""
    Path("pyproject.toml").write_text('[tool.pydb]\nsql = "sql"\n')
    (sql / "notes.sql").write_text(STATEMENTS)
    (sql / "mariadb").mkdir()
    (sql / "mariadb" / "notes.sql").write_text("-- name: one :one scalar\nSELECT 1 + 0;\n")
    made = StatementCoverage(Path.cwd())
    yield made
    made.close()


def test_what_no_test_ran(coverage: StatementCoverage) -> None:
    """They are statements that were never called or whose call was refused, and the missing variants of called ones."""
    queries = pydb.load("sql").notes
    with pydb.Database("sqlite://") as database, database.read() as conn:
        for _ in range(3):
            queries.one(conn)
            queries.search(conn)
            queries.search(conn, a=1, b=2)
        with pytest.raises(ParameterError):
            queries.wanting(conn)
    report = coverage.report(["sqlite"])
    assert list(report.lines()) == [
        "sql/notes.sql:5: notes.never",
        "sql/notes.sql:8: notes.wanting",
        "sql/notes.sql:11: notes.search[b]",
        "sql/notes.sql:11: notes.search[a]",
        "pydb: 2 of 4 statements ran, 2 of 4 variants",
    ]
    written = json.loads(report.json())
    assert written["missing"][0] == {"file": "sql/notes.sql", "line": 5, "statement": "notes.never", "variant": None}
    assert written["missing"][2]["variant"] == "b"
    assert (written["statements"], written["statements_ran"]) == (4, 2)


def test_asynchronous_calls_count(coverage: StatementCoverage) -> None:
    """An awaited statement counts, both its first call, which Core runs, and a later call of a variant."""
    queries = pydb.load("sql").notes

    async def main() -> None:
        async with pydb.AsyncDatabase("sqlite://") as database, database.read() as conn:
            for arguments in ({}, {"a": 1}, {"a": 1, "b": 2}):
                await queries.search.aio(conn, **arguments)
            with pytest.raises(ParameterError):
                await queries.wanting.aio(conn)

    asyncio.run(main())
    assert list(coverage.report(["sqlite"]).lines()) == [
        "sql/notes.sql:2: notes.one",
        "sql/notes.sql:5: notes.never",
        "sql/notes.sql:8: notes.wanting",
        "sql/notes.sql:11: notes.search[b]",
        "pydb: 1 of 4 statements ran, 3 of 4 variants",
    ]


def test_another_engine_s_form_is_another_statement(coverage: StatementCoverage) -> None:
    """A form in an overlay counts if its engine is tested, and the shared form does not replace it."""
    with pydb.Database("sqlite://") as database, database.read() as conn:
        pydb.load("sql").notes.one(conn)
    both = coverage.report(["sqlite", "mariadb"])
    assert both.statements == 5
    assert "sql/mariadb/notes.sql:2: notes.one" in map(str, both.missing)


def test_workers_add_up(coverage: StatementCoverage) -> None:
    """The calls of another process count, whatever their message contains."""
    with pydb.Database("sqlite://") as database, database.read() as conn:
        pydb.load("sql").notes.one(conn)
    other = StatementCoverage(Path.cwd())
    other.close()
    assert other.report(["sqlite"]).statements_ran == 0
    other.add(json.loads(json.dumps(coverage.ran)))
    assert other.report(["sqlite"]).statements_ran == 1


def test_without_a_project_there_is_nothing_to_compare(tmp_path: Path) -> None:
    """The error says what to write."""
    with pytest.raises(PydbError, match="no sql is configured"):
        StatementCoverage(tmp_path)
