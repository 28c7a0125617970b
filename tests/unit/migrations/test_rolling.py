"""Rolling deploys on SQLite; integration tests have the other engines."""

from __future__ import annotations

from pathlib import Path

from pydb.migrations.rolling import Version, check_rolling


def test_what_was_broken_before_is_no_finding(tmp_path: Path) -> None:
    """A statement that the old schema refuses too is no finding."""
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (id integer);")
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "x.sql").write_text("-- name: x :many\nSELECT nowhere FROM t;\n")
    version = Version("v", str(tmp_path / "sql"), {"sqlite": str(tmp_path / "schema.sql")})
    assert check_rolling(version, version, []) == ()


def test_the_same_text_on_another_line(tmp_path: Path) -> None:
    """A statement of both versions that only the new schema accepts is reported at its place in the new version."""
    versions = []
    for name, schema, before in (("old", "a integer", ""), ("new", "a integer, b integer", "-- About t.\n\n")):
        folder = tmp_path / name
        (folder / "sql").mkdir(parents=True)
        (folder / "schema.sql").write_text(f"CREATE TABLE t ({schema});")
        (folder / "sql" / "x.sql").write_text(f"{before}-- name: x :many\nSELECT b FROM t;\n")
        versions.append(Version(name, str(folder / "sql"), {"sqlite": str(folder / "schema.sql")}))
    old, new = versions
    (finding,) = check_rolling(old, new, [])
    assert (finding.file, finding.line, finding.level) == (f"{tmp_path}/new/sql/x.sql", 4, "note")
