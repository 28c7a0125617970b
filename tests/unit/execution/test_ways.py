"""The call of a statement over each kind of connection."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import create_engine

from pydb.errors import ParameterError, PydbError
from pydb.execution.ways import DIRECT, way_of
from tests.harness.plans import definition_from

MANY = definition_from("-- name: a :many scalar\nSELECT 1 AS n;\n")
STREAM = definition_from("-- name: a :stream scalar\nSELECT 1 AS n;\n")


def error(kind: type[PydbError], message: str, hint: str | None) -> PydbError:
    return kind(message, hint=hint)


def test_a_direct_call_runs_at_once() -> None:
    """A direct call gets Core's connection, and so does its function."""
    way = way_of(STREAM, awaits=False)
    assert way is DIRECT
    with create_engine("sqlite://").connect() as conn:
        assert way.connection(conn, MANY, error) is conn
        assert way.run(conn, lambda given: given) is conn


def test_only_a_stream_is_iterated() -> None:
    """An asynchronous call of a stream returns an asynchronous iterator, which runs nothing before it is read."""
    assert way_of(MANY, awaits=True).run is not way_of(STREAM, awaits=True).run
    assert isinstance(way_of(STREAM, awaits=True).run(None, lambda _: iter(())), AsyncIterator)


@pytest.mark.parametrize("given", [None, 1, "conn"])
def test_what_is_no_asynchronous_connection(given: object) -> None:
    """An object that is not an AsyncConnection is refused, with a line that shows the call."""
    with pytest.raises(ParameterError, match=r"takes a SQLAlchemy AsyncConnection first.*await t\.a\.aio\(conn, …\)"):
        way_of(MANY, awaits=True).connection(given, MANY, error)
