"""The whole check of a project: what is proven, what is found, what is not checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from pydb.check.project import CheckReport, Inputs, check
from pydb.errors import PydbError

SCHEMA = "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL);\n"


def checked(tmp_path: Path, sql: str, schema: str = SCHEMA, **more: object) -> CheckReport:
    (tmp_path / "sql").mkdir(exist_ok=True)
    (tmp_path / "sql" / "q.sql").write_text(sql)
    (tmp_path / "schema.sql").write_text(schema)
    inputs = Inputs(str(tmp_path / "sql"), {"sqlite": str(tmp_path / "schema.sql")}, **more)  # type: ignore[arg-type]
    return check(inputs)


def test_a_sound_project(tmp_path: Path) -> None:
    """Every statement is proven on SQLite in memory, and it is said what was not looked at."""
    report = checked(tmp_path, "-- name: a :many\nSELECT id FROM users;\n")
    assert report.findings == ()
    assert (report.statements, list(report.proven.values())) == (1, [1])
    assert report.unchecked == [
        "postgresql: no --db names a server",
        "mariadb: no --db names a server",
        "records: none are configured",
    ]


def test_files_that_do_not_load(tmp_path: Path) -> None:
    """A file that breaks the format is one finding, and nothing is proven."""
    report = checked(tmp_path, "-- name: a :lots\nSELECT 1;\n")
    assert [(finding.code, finding.line) for finding in report.findings] == [("C001", 1)]
    assert report.proven == {}


def test_a_schema_that_is_refused(tmp_path: Path) -> None:
    """A schema that the engine refuses is a finding at its line."""
    report = checked(tmp_path, "-- name: a :many\nSELECT 1;\n", f"{SCHEMA}CREATE TABLE users (id);\n")
    assert [(finding.code, finding.line) for finding in report.findings] == [("C507", 2)]
    assert "sqlite: its schema is refused" in report.unchecked


def test_two_databases_of_one_engine(tmp_path: Path) -> None:
    """One database an engine is checked at a time."""
    urls = [make_url(f"sqlite:///{tmp_path}/{name}.db") for name in ("a", "b")]
    with pytest.raises(PydbError, match="two databases are sqlite"):
        checked(tmp_path, "-- name: a :many\nSELECT 1;\n", urls=urls)


def test_a_live_database_that_drifted(tmp_path: Path) -> None:
    """A live database is compared with its schema script."""
    from pydb import Database

    url = f"sqlite:///{tmp_path}/app.db"
    with Database(url) as database, database.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL, age integer)")
    report = checked(tmp_path, "-- name: a :many\nSELECT age FROM users;\n", urls=[make_url(url)], live=True)
    assert [finding.code for finding in report.findings] == ["C603"]
