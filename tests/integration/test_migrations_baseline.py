"""Replays of migrations on every engine: a baseline of a live database, and a comparison with the schema script."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

import pydb
from pydb import Database
from pydb.check import Inputs, check
from pydb.engines.base import rules_of
from pydb.errors import MigrationError
from pydb.migrations.baseline import baseline
from pydb.migrations.check import MigrationInputs, check_migrations
from tests.harness.migrations import journal, rows, write_migrations

pytestmark = pytest.mark.deep

FIRST = "CREATE TABLE t (id integer NOT NULL PRIMARY KEY, a varchar(20) NOT NULL);\nINSERT INTO t VALUES (1, 'x');\n"
ACCEPTED = "-- pydb: accept require-concurrent-index-creation: the table is small\n"
SECOND = "CREATE INDEX t_a_idx ON t (a);\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three migrations."""
    third = "CREATE TABLE u (id integer);\n"
    return write_migrations(
        tmp_path / "steps", {"0001_first": FIRST, "0002_second": ACCEPTED + SECOND, "0003_third": third}
    )


def test_baseline(empty_url: str, empty_db: Database, engine_name: str, folder: Path) -> None:
    """A database with the schema of the first two migrations gets their rows, and then the third migration."""
    with empty_db.begin() as conn:
        for statement in (*FIRST.split(";\n")[:2], SECOND.rstrip(";\n"), rules_of(engine_name).once_table.rstrip(";")):
            conn.exec_driver_sql(statement)
    with pytest.raises(
        MigrationError, match=r"the database differs from the schema after 0003_third.sql: .*u.* is missing"
    ):
        baseline(empty_db, make_url(empty_url), str(folder))
    with pytest.raises(
        MigrationError, match=r"differs from the schema after 0001_first.sql: .*t_a_idx is not in the migrations"
    ):
        baseline(empty_db, make_url(empty_url), str(folder), 1)
    assert baseline(empty_db, make_url(empty_url), str(folder), 2) == ["0001_first", "0002_second"]
    assert pydb.migrate(empty_db, folder) == ["0003_third"]
    assert [row[0] for row in journal(empty_db)] == [1, 2, 3]
    assert rows(empty_db, "SELECT id FROM t") == [(1,)]
    assert baseline(empty_db, make_url(empty_url), str(folder)) == []


def test_drift(empty_url: str, empty_db: Database, engine_name: str, folder: Path, tmp_path: Path) -> None:
    """A migrated database has no drift, without pydb's own tables; a difference has a statement to review."""
    pydb.migrate(empty_db, folder)
    with empty_db.begin() as conn:
        conn.exec_driver_sql(rules_of(engine_name).once_table.rstrip(";"))
    schema, sql = tmp_path / "schema.sql", tmp_path / "sql"
    schema.write_text(FIRST + SECOND + "CREATE TABLE u (id integer);\n")
    sql.mkdir()
    (sql / "t.sql").write_text("-- name: x :many\nSELECT id FROM t;\n")
    inputs = Inputs(str(sql), {engine_name: str(schema)}, [make_url(empty_url)], live=True)
    assert check(inputs).findings == ()
    schema.write_text(schema.read_text().replace("u (id integer)", "u (id integer, a integer)"))
    (finding,) = check(inputs).findings
    assert finding.code == "C601"
    assert "to review: ALTER TABLE u ADD COLUMN" in str(finding.hint)


def test_what_the_migrations_lead_to(empty_url: str, engine_name: str, folder: Path, tmp_path: Path) -> None:
    """The check finds what the migrations do not create, create differently or in addition, and a failing migration."""
    schema = tmp_path / "schema.sql"
    inputs = MigrationInputs(str(folder), {engine_name: str(schema)}, [make_url(empty_url)])
    schema.write_text(FIRST + SECOND + "CREATE TABLE u (id integer);\n")
    report = check_migrations(inputs)
    assert report.findings == ()
    assert report.replayed == {engine_name: 3}
    schema.write_text(FIRST.replace("varchar(20)", "varchar(30)") + "CREATE TABLE v (\n    id integer\n);\n")
    messages = {finding.message: finding for finding in check_migrations(inputs).findings}
    assert {finding.code for finding in messages.values()} == {"C612"}
    assert "the migrations do not create column v.id" in messages
    assert messages["the migrations do not create column v.id"].line == 4
    assert "the migrations create column t.a differently" in messages
    assert any("t_a_idx, which the schema does not have" in message for message in messages)
    write_migrations(folder, {"0004_fourth": "-- pydb: DRAFT\nSELECT 1;\nCREATE TABLE u (id integer);\n"})
    findings = check_migrations(inputs).findings
    assert [(finding.code, finding.line) for finding in findings] == [("C611", 1), ("C611", 3)]
    assert "already exists" in findings[1].message
