"""SQLite has no statistics."""

import pytest
from sqlalchemy import create_engine

from pydb.errors import PydbError
from pydb.usage.statistics import statistics_of


def test_there_are_none() -> None:
    """The error says where the time of a call is logged."""
    with create_engine("sqlite://").connect() as conn, pytest.raises(PydbError, match=r"hint: logging\.getLogger"):
        statistics_of("sqlite").read(conn)
