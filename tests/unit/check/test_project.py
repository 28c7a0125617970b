"""The whole check of a project: proven statements, findings, and what was not checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

import pydb
from pydb.check.project import CheckReport, Inputs, check
from pydb.errors import PydbError, SqlFileError
from tests.harness.sql_folders import write

SCHEMA = "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL);\n"


def checked(tmp_path: Path, sql: str, schema: str = SCHEMA, **more: object) -> CheckReport:
    (tmp_path / "sql").mkdir(exist_ok=True)
    (tmp_path / "sql" / "q.sql").write_text(sql)
    (tmp_path / "schema.sql").write_text(schema)
    inputs = Inputs(str(tmp_path / "sql"), {"sqlite": str(tmp_path / "schema.sql")}, **more)  # type: ignore[arg-type]
    return check(inputs)


def test_a_sound_project(tmp_path: Path) -> None:
    """Every statement is proven on SQLite in memory, and the report says what was not checked."""
    report = checked(tmp_path, "-- name: a :many\nSELECT id FROM users;\n")
    assert report.findings == ()
    assert (report.statements, list(report.proven.values())) == (1, [1])
    assert report.unchecked == [
        "postgresql (no --db names a server)",
        "mariadb (no --db names a server)",
        "records (none are configured)",
    ]


def test_files_that_do_not_load(tmp_path: Path) -> None:
    """A statement that breaks the format is one finding, and is not proven."""
    report = checked(tmp_path, "-- name: a :lots\nSELECT 1;\n")
    assert [(finding.code, finding.line) for finding in report.findings] == [("C001", 1)]
    assert (report.statements, list(report.proven.values())) == (0, [0])
    assert "1 statement or file that cannot be loaded" in report.unchecked


BROKEN = {
    "header.sql": "-- name: wrong :lots\nSELECT id FROM users;\n\n-- name: right :many\nSELECT id FROM users;\n",
    "statement.sql": "-- name: wrong :many\nSELECT id FROM users\n\n-- name: right :many\nSELECT id FROM users;\n",
    "twice.sql": "-- name: right :many\nSELECT id FROM users;\n\n-- name: right :many\nSELECT id FROM users;\n",
    "prelude.sql": "SELECT 1;\n-- name: right :many\nSELECT id FROM users;\n",
    "1st.sql": "-- name: wrong :many\nSELECT id FROM users;\n",
    "sqlite/forms.sql": "-- name: wrong :one\nSELECT id FROM users;\n",
    "forms.sql": "-- name: wrong :many\nSELECT id FROM users;\n\n-- name: right :many\nSELECT id FROM users;\n",
    "sqlite/overlay.sql": "-- name: wrong :many\nSELECT id FROM users\n",
    "overlay.sql": "-- name: wrong :many\nSELECT nothing FROM users;\n\n-- name: right :many\nSELECT id FROM users;\n",
    "clash.sql": "-- name: deep :many\nSELECT id FROM users;\n",
    "clash/deep.sql": "-- name: right :many\nSELECT id FROM users;\n",
}


def test_what_does_not_load_keeps_nothing_else_from_the_check(tmp_path: Path) -> None:
    """Each error of a folder is a separate finding, and every other statement is proven."""
    write(tmp_path, {"schema.sql": SCHEMA, **{f"sql/{name}": text for name, text in BROKEN.items()}})
    (tmp_path / "sql/bytes.sql").write_bytes(b"-- name: wrong :many\nSELECT '\xff';\n")
    (tmp_path / "sql/sqlite/unread.sql").write_bytes(b"\xff")
    write(tmp_path, {"sql/unread.sql": "-- name: unknown :many\nSELECT nothing FROM users;\n"})
    report = check(Inputs(str(tmp_path / "sql"), {"sqlite": str(tmp_path / "schema.sql")}))
    assert {finding.code for finding in report.findings} == {"C001"}
    files = [Path(finding.file).relative_to(tmp_path / "sql").as_posix() for finding in report.findings]
    assert sorted(files) == [
        *("1st.sql", "bytes.sql", "clash.sql", "header.sql", "prelude.sql"),
        *("sqlite/forms.sql", "sqlite/overlay.sql", "sqlite/unread.sql", "statement.sql", "twice.sql"),
    ]
    proven = [described.definition.name for described in report.described]
    assert proven == [
        f"{name}.right" for name in ("clash.deep", "forms", "header", "overlay", "prelude", "statement", "twice")
    ]
    assert "10 statements or files that cannot be loaded" in report.unchecked
    with pytest.raises(SqlFileError):
        pydb.load(tmp_path / "sql")


def test_a_schema_that_is_refused(tmp_path: Path) -> None:
    """A schema that the engine refuses is a finding at its line."""
    report = checked(tmp_path, "-- name: a :many\nSELECT 1;\n", f"{SCHEMA}CREATE TABLE users (id);\n")
    assert [(finding.code, finding.line) for finding in report.findings] == [("C507", 2)]
    assert "sqlite (its schema is refused)" in report.unchecked


def test_two_databases_of_one_engine(tmp_path: Path) -> None:
    """Only one database of an engine can be checked at a time."""
    urls = [make_url(f"sqlite:///{tmp_path}/{name}.db") for name in ("a", "b")]
    with pytest.raises(PydbError, match="--db was given twice for sqlite"):
        checked(tmp_path, "-- name: a :many\nSELECT 1;\n", urls=urls)


def test_a_live_database_that_drifted(tmp_path: Path) -> None:
    """A live database is compared with its schema script."""
    from pydb import Database

    url = f"sqlite:///{tmp_path}/app.db"
    with Database(url) as database, database.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL, age integer)")
    report = checked(tmp_path, "-- name: a :many\nSELECT age FROM users;\n", urls=[make_url(url)], live=True)
    assert [finding.code for finding in report.findings] == ["C603"]
