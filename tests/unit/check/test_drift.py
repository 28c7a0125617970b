"""The comparison of a database with its schema."""

from __future__ import annotations

from pathlib import Path

from pydb.check.collector import Collector
from pydb.check.drift import check_drift


def test_what_differs(tmp_path: Path) -> None:
    """What the database lacks, what differs, and what only it has is found at the schema's line, with both texts."""
    file = tmp_path / "schema.sql"
    file.write_text("CREATE TABLE t (\n    a integer,\n    b text\n);\n")
    schema = {"table t": "", "column t.a": "a integer", "column t.b": "b text", "index i of t": "i"}
    database = {"table t": "", "column t.a": "a bigint", "index i of t": "i", "table u": "u"}
    collector = Collector(["sqlite"])
    check_drift(schema, database, str(file), "sqlite", collector)
    found = {finding.code: finding for finding in collector.findings()}
    assert sorted(found) == ["C601", "C602", "C603"]
    assert (found["C601"].line, found["C601"].message) == (3, "the database has no column t.b")
    rebuilt = "    to review: rebuild the table, as `pydb migrate draft` writes it"
    assert (found["C602"].line, found["C602"].hint) == (2, f"schema: a integer    database: a bigint{rebuilt}")
    assert found["C603"].message == "the schema has no table u"


def test_long_definitions_are_cut(tmp_path: Path) -> None:
    """Of long definitions, only the part around the first difference is shown."""
    collector = Collector(["sqlite"])
    one, two = "x" * 500 + "1" + "y" * 500, "x" * 500 + "2" + "y" * 500
    check_drift({"view v": one}, {"view v": two}, str(tmp_path / "none.sql"), "sqlite", collector)
    (finding,) = collector.findings()
    assert finding.hint is not None
    assert "x1y" in finding.hint
    assert "x2y" in finding.hint
    assert len(finding.hint) < 300


def test_statements_to_review(tmp_path: Path) -> None:
    """A finding ends with the statement that would change the database to the schema, on one line."""
    file = tmp_path / "schema.sql"
    file.write_text("CREATE TABLE t (\n    a integer,\n    b text\n);\nCREATE INDEX i\nON t (a);\n")
    schema = {"table t": "CREATE TABLE t", "column t.a": "a integer", "column t.b": "b text", "index i": "x"}
    database = {"table t": "CREATE TABLE t", "column t.a": "a integer", "index j": "CREATE INDEX j ON t ( a )"}
    collector = Collector(["sqlite"])
    check_drift(schema, database, str(file), "sqlite", collector)
    assert {finding.code: str(finding.hint).partition("to review: ")[2] for finding in collector.findings()[1:]} == {
        "C603": "DROP INDEX j;",
        "C601": "ALTER TABLE t ADD COLUMN b text;",
    }
    assert str(collector.findings()[0].hint).endswith("to review: CREATE INDEX i ON t (a);")


def test_partitions_and_extensions_of_a_live_database(tmp_path: Path) -> None:
    """What a database gets while it is used is no difference; what it lacks is one."""
    collector = Collector(["postgresql"])
    (tmp_path / "schema.sql").write_text("")
    schema = {"partition p1": "PARTITION OF p; DEFAULT", "extension citext": "CREATE EXTENSION"}
    database = {"partition p2": "PARTITION OF p; FOR VALUES IN (1)", "extension pg_stat_statements": "CREATE EXTENSION"}
    check_drift(schema, database, str(tmp_path / "schema.sql"), "postgresql", collector)
    assert [(finding.code, finding.message) for finding in collector.findings()] == [
        ("C601", "the database has no extension citext"),
        ("C601", "the database has no partition p1"),
    ]
