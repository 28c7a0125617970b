"""A server that hangs: connections that stop waiting, and those that do not."""

from __future__ import annotations

import asyncio
import gc
import socket
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from pydb.engines.postgresql.answer_timeout import asynchronous_with_timeouts, with_timeouts
from tests.harness.waiting import ALARM

pytestmark = pytest.mark.engines("postgresql")


def connect(url: str, seconds: float) -> psycopg.Connection[tuple[object, ...]]:
    made = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return with_timeouts(seconds, 60.0).connect(made)


def test_a_server_that_says_nothing(empty_url: str) -> None:
    """A statement without an answer ends with an error, and closes the connection."""
    connection = connect(empty_url, 0.2)
    with pytest.raises(psycopg.OperationalError, match="the server did not answer in time"):
        connection.execute("SELECT pg_sleep(60)")
    assert connection.closed


def test_a_server_that_answers(empty_url: str) -> None:
    """A statement with an answer is not affected, and otherwise the class is psycopg's."""
    with connect(empty_url, 60.0) as connection:
        assert isinstance(connection, psycopg.Connection)
        assert connection.execute("SELECT 42").fetchone() == (42,)


def test_nobody_answers() -> None:
    """A connection to a server that accepts it and does not answer ends after the time, to fractions of a second."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        with pytest.raises(psycopg.OperationalError, match="timeout expired"):
            with_timeouts(None, 0.6).connect(f"host=127.0.0.1 port={port} connect_timeout=600")


def test_a_cancelled_connection_is_closed() -> None:
    """Cancelling a connection that waits for the login closes it, even while the exception is kept."""

    async def cancelled(port: int) -> None:
        connecting: Any = asynchronous_with_timeouts(None, ALARM).connect(f"host=127.0.0.1 port={port}")
        task = asyncio.ensure_future(connecting)
        loop = asyncio.get_running_loop()
        accepted, _ = await loop.sock_accept(deaf)
        with accepted:
            assert await loop.sock_recv(accepted, 1024)
            task.cancel()
            ends = await asyncio.gather(task, return_exceptions=True)
            assert isinstance(ends[0], asyncio.CancelledError)
            assert await asyncio.wait_for(loop.sock_recv(accepted, 1024), ALARM) == b""

    gc.disable()
    try:
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            deaf.setblocking(False)
            asyncio.run(cancelled(deaf.getsockname()[1]))
    finally:
        gc.enable()
