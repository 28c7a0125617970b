"""Whether a statement may be sent on the driver path: the general check of a connection agrees with the fast probe."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import IntegrityError

from pydb.execution import core_internals
from pydb.execution.core_internals import AVAILABLE, fail, may_bypass_core, probe_for


def listen(*_: object) -> None:
    """A listener that does nothing."""


@pytest.fixture
def engine() -> Iterator[Engine]:
    """A plain engine of SQLAlchemy."""
    made = create_engine("sqlite://")
    yield made
    made.dispose()


def both(conn: Connection) -> bool:
    """The result of both, which must agree."""
    quick = probe_for(conn.engine)(conn)
    general = may_bypass_core(conn)
    assert (quick is not None) == general
    assert not general or quick is conn.connection.dbapi_connection
    return general


def test_this_release_has_the_parts() -> None:
    """SQLAlchemy has the parts that are used here."""
    assert AVAILABLE


def test_an_open_transaction_may(engine: Engine) -> None:
    """With a transaction statements take the driver path, and without one the Core path, which begins it."""
    with engine.connect() as conn:
        assert not both(conn)
        with conn.begin():
            assert both(conn)
            assert both(conn)
        assert not both(conn)


def test_a_savepoint_may(engine: Engine) -> None:
    """Statements take the driver path in a savepoint, and after it in its transaction."""
    with engine.begin() as conn:
        savepoint = conn.begin_nested()
        assert both(conn)
        savepoint.rollback()
        assert both(conn)


LISTENERS: list[tuple[str, Callable[[Connection], object]]] = [
    *((name, lambda conn: conn.engine) for name in core_internals.CONNECTION_EVENTS),
    *((name, lambda conn: conn) for name in core_internals.CONNECTION_EVENTS),
    ("do_execute", lambda conn: conn.engine),
    ("handle_error", lambda conn: conn.engine),
]
"""Each event, and what somebody listens on."""


@pytest.mark.parametrize(("name", "target"), LISTENERS)
def test_nobody_must_listen(engine: Engine, name: str, target: Callable[[Connection], object]) -> None:
    """A listener that is added between two statements makes the second take the Core path."""
    with engine.begin() as conn:
        assert both(conn)
        event.listen(target(conn), name, listen, retval=False)
        assert not both(conn)


def test_echo_goes_by_core(engine: Engine) -> None:
    """If SQLAlchemy logs statements, its log has all of them."""
    engine.echo = True
    logging.getLogger("sqlalchemy.engine.Engine").setLevel(logging.CRITICAL)
    with engine.begin() as conn:
        assert not both(conn)


def test_the_log_has_statements_go_by_core(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """A reader of the log ``pydb`` gets each call, which the generated function does not log."""
    probe = probe_for(engine)
    with engine.begin() as conn:
        assert probe(conn) is not None
        with caplog.at_level(logging.DEBUG, "pydb"):
            assert probe(conn) is None
        assert probe(conn) is not None


def test_another_engine_s_connection(engine: Engine) -> None:
    """A probe is valid only for its own engine."""
    with create_engine("sqlite://").begin() as other:
        assert probe_for(engine)(other) is None


def test_core_wraps_the_failure(engine: Engine) -> None:
    """``fail`` raises the exception that Core raises for an exception of the driver."""
    with engine.connect() as conn, conn.begin():
        cursor = conn.connection.cursor()
        error: BaseException | None = None
        with suppress(IntegrityError):
            cursor.execute("CREATE TABLE t (id integer NOT NULL)")
            try:
                cursor.execute("INSERT INTO t VALUES (NULL)")
            except Exception as caught:
                error = caught
        assert error is not None
        with pytest.raises(IntegrityError) as raised:
            fail(conn, error, "INSERT", cursor, ())
        assert raised.value.orig is error
