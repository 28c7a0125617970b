"""What several unit tests use."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder ``sql`` of a fresh working directory."""
    monkeypatch.chdir(tmp_path)
    Path("sql").mkdir()
    return Path("sql")
