"""Fixtures of several unit tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder ``sql`` in a new current folder."""
    monkeypatch.chdir(tmp_path)
    Path("sql").mkdir()
    return Path("sql")
