"""Rolling deploys on SQLite; other engines are in the integration tests."""

from __future__ import annotations

from pathlib import Path

from pydb.migrations.rolling import Version, check_rolling


def test_what_was_broken_before_is_no_finding(tmp_path: Path) -> None:
    """A statement that the old schema refuses too is left out: it has not worked before."""
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (id integer);")
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "x.sql").write_text("-- name: x :many\nSELECT nowhere FROM t;\n")
    version = Version("v", str(tmp_path / "sql"), {"sqlite": str(tmp_path / "schema.sql")})
    assert check_rolling(version, version, []) == ()
