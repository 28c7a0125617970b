"""SQLite has no rights."""

from __future__ import annotations

import pytest

from pydb.errors import PydbError
from pydb.usage.rights import rights_of


def test_there_are_none() -> None:
    """Requesting rights is an error that says so."""
    with pytest.raises(PydbError, match="SQLite has no rights: everyone who can open the file may do everything"):
        rights_of("sqlite").role("app")
