"""Projects of sqlc."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pydb.errors import PydbError
from pydb.importers.sqlc import import_sqlc, projects_of, schemas_of, snake

CONFIGURATION = """
version: "1"
packages:
  - {path: db, queries: [a.sql], schema: migrations, engine: "mysql"}
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [("GetAuthor", "get_author"), ("ListByIDs", "list_by_ids"), ("HTTPPath", "http_path"), ("a", "a"), ("ID", "id")],
)
def test_names_are_those_of_python(name: str, expected: str) -> None:
    """CamelCase becomes words with underscores."""
    assert snake(name) == expected


def test_a_configuration_says_what_there_is(tmp_path: Path) -> None:
    """A configuration has queries, an engine, and migrations, of which only the way up is schema."""
    (tmp_path / "sqlc.yaml").write_text(CONFIGURATION)
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "1.sql").write_text(
        "-- +goose Up\nCREATE TABLE t (a int);\n-- +goose Down\nDROP TABLE t;\n"
    )
    (tmp_path / "migrations" / "2.down.sql").write_text("DROP TABLE u;\n")
    (tmp_path / "a.sql").write_text("/* name: All :many */\nSELECT * FROM t;\n")
    [project] = projects_of(tmp_path)
    assert (project.engine, project.queries) == ("mariadb", (tmp_path / "a.sql",))
    assert project.schema == "-- +goose Up\nCREATE TABLE t (a int);\n"
    [made] = import_sqlc(tmp_path)
    assert (made.engine, made.statements[0].sql) == ("mariadb", "SELECT a FROM t;")


def test_an_engine_that_pydb_has_not_is_refused(tmp_path: Path) -> None:
    """The error names pydb's engines."""
    (tmp_path / "sqlc.json").write_text('{"sql": [{"engine": "oracle", "queries": "a.sql"}]}')
    with pytest.raises(PydbError, match="oracle: pydb has no such engine"):
        import_sqlc(tmp_path)


def test_what_has_no_counterpart_is_left(tmp_path: Path) -> None:
    """An unknown annotation, and an embedded table with unknown columns, are left as comments."""
    (tmp_path / "a.sql").write_text("-- name: A :other\nSELECT 1;\n\n-- name: B :many\nSELECT sqlc.embed(t) FROM t;\n")
    [made] = import_sqlc(tmp_path / "a.sql")
    assert [one.reason for one in made.statements] == [
        "sqlc has no annotation :other",
        "sqlc.embed(t) needs the columns of t: name the schema",
    ]


def test_batches_of_queries_and_iterators_are_queries(tmp_path: Path) -> None:
    """A space before the bracket of a function of sqlc is allowed."""
    (tmp_path / "a.sql").write_text(
        "-- name: A :batchone\nSELECT 1;\n\n-- name: B :batchmany\nSELECT a FROM t WHERE b = sqlc.arg (c);\n"
        "-- name: C :iter\nSELECT a FROM t;\n"
    )
    [made] = import_sqlc(tmp_path / "a.sql")
    assert [(one.name, one.rows, one.reason) for one in made.statements] == [
        ("a", "one", ""),
        ("b", "many", ""),
        ("c", "many", ""),
    ]
    assert made.statements[1].sql == "SELECT a FROM t WHERE b = :c;"


def test_migrations_are_the_schema(tmp_path: Path) -> None:
    """The way down is left out, and a file without a semicolon at its end does not affect the next one."""
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "1.up.sql").write_text("CREATE TABLE t (a int)\n")
    (tmp_path / "schema" / "1.down.sql").write_text("DROP TABLE t;\n")
    (tmp_path / "schema" / "2.sql").write_text("ALTER TABLE t ADD COLUMN b int;\n-- +goose Down\nDROP TABLE t;\n")
    (tmp_path / "q.sql").write_text("-- name: All :many\nSELECT * FROM t;\n")
    (tmp_path / "sqlc.json").write_text('{"sql": [{"engine": "sqlite", "queries": "q.sql", "schema": "schema"}]}')
    [made] = import_sqlc(tmp_path)
    assert made.statements[0].sql == "SELECT a, b FROM t;"
    assert "DROP" not in schemas_of(projects_of(tmp_path))["sqlite"]


def test_two_schemas_of_one_engine_are_refused(tmp_path: Path) -> None:
    """Two schemas for one engine are an error, because neither has priority."""
    (tmp_path / "a.sql").write_text("CREATE TABLE a (a int);")
    (tmp_path / "b.sql").write_text("CREATE TABLE b (a int);")
    sets = [{"engine": "sqlite", "queries": "q.sql", "schema": name} for name in ("a.sql", "b.sql")]
    (tmp_path / "sqlc.json").write_text(json.dumps({"sql": sets}))
    with pytest.raises(PydbError, match="two sets of queries for sqlite have different schemas"):
        schemas_of(projects_of(tmp_path))


def test_the_sets_of_one_engine(tmp_path: Path) -> None:
    """An engine selects among the sets of a configuration, whatever other engines there are."""
    sets = [{"engine": name, "queries": f"{name}.sql"} for name in ("clickhouse", "sqlite", "mysql")]
    (tmp_path / "sqlc.json").write_text(json.dumps({"sql": sets}))
    assert [project.queries for project in projects_of(tmp_path, "mariadb")] == [(tmp_path / "mysql.sql",)]


@pytest.mark.parametrize(("name", "text"), [("sqlc.json", "{"), ("sqlc.json", "[1]"), ("sqlc.yaml", "a: [")])
def test_a_broken_configuration_is_told(tmp_path: Path, name: str, text: str) -> None:
    """The error names the file."""
    (tmp_path / name).write_text(text)
    with pytest.raises(PydbError, match=f"{name} is not"):
        projects_of(tmp_path)


def test_a_filter_that_can_be_no_line_stays(tmp_path: Path) -> None:
    """Beside an OR there is no optional line, so the statement is imported unchanged."""
    (tmp_path / "q.sql").write_text(
        "-- name: A :many\nSELECT a FROM t WHERE (sqlc.narg('b')::text IS NULL OR b = sqlc.narg('b')) OR c = 1;\n"
    )
    [file] = import_sqlc(tmp_path, engine="postgresql")
    assert [(one.sql, one.reason) for one in file.statements] == [
        ("SELECT a FROM t WHERE (CAST(:b AS text) IS NULL OR b = :b) OR c = 1;", "")
    ]
