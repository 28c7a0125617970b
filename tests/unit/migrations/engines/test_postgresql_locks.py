"""The linter squawk."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.migrations.engines import postgresql_locks
from pydb.migrations.files import Migration


def test_only_locks(tmp_path: Path) -> None:
    """Only squawk's rules about locks are used; style and timeouts are checked elsewhere."""
    file = tmp_path / "0001_x.sql"
    file.write_text("ALTER TABLE t ADD COLUMN a integer;\nALTER TABLE t ALTER COLUMN b TYPE bigint;\nDROP TABLE u;\n")
    found = postgresql_locks.lock_findings(Migration(1, "0001_x", str(file), "postgresql"))
    assert [(item.line, item.rule) for item in found] == [(2, "changing-column-type")]


def test_without_squawk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If squawk is not installed, the error names it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    file = tmp_path / "0001_x.sql"
    file.write_text("SELECT 1;")
    with pytest.raises(ModuleNotFoundError, match="squawk is not installed"):
        postgresql_locks.lock_findings(Migration(1, "0001_x", str(file), "postgresql"))
