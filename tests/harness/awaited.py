"""Run tests that are written for ``Database`` on ``AsyncDatabase``: a test in, the test in a greenlet of a task out.

A test with the parameter ``awaited`` of ``call_path`` runs in an event loop, with its fixtures.  Its ``pydb.Database``
is ``AwaitedDatabase``, whose methods await those of ``AsyncDatabase``.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from os import PathLike
from typing import Any, Self

import pytest
from _pytest.runner import runtestprotocol
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util.concurrency import await_only, greenlet_spawn

import pydb

__all__ = ["AWAITED", "AwaitedDatabase", "run_in_task"]

AWAITED = "awaited"


def run_in_task(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Run the test and its fixtures in a greenlet of a task."""
    asyncio.run(greenlet_spawn(runtestprotocol, item, nextitem=nextitem))


class AwaitedDatabase:
    """The methods of ``Database``, which await those of ``AsyncDatabase``; connections are Core's synchronous ones."""

    def __init__(self, url: str | URL | None = None, **options: Any) -> None:
        with suppress(ArgumentError, KeyError):
            url = _without_driver(url or os.environ["DATABASE_URL"])
        if "read_url" in options:
            options["read_url"] = _without_driver(options["read_url"])
        self._database = pydb.AsyncDatabase(url, **options)
        self.rules = self._database.rules
        self.engine: Engine = self._database.engine.sync_engine
        self.read_engine: Engine = self._database.read_engine.sync_engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return repr(self._database).removeprefix("Async")

    def begin(self, isolation: str | None = None) -> Any:
        return _awaited(self._database.begin(isolation))

    def read(self, after: str | None = None, wait: float = 1.0) -> Any:
        return _awaited(self._database.read(after, wait))

    def connect(self) -> Connection:
        return _synchronous(await_only(self._database.connect().start()))

    def run(self, work: Callable[[Connection], Any], **options: Any) -> Any:
        return await_only(self._database.run(lambda conn: conn.run_sync(work), **options))

    def run_read(self, work: Callable[[Connection], Any], **options: Any) -> Any:
        return await_only(self._database.run_read(lambda conn: conn.run_sync(work), **options))

    def position(self) -> str:
        return await_only(self._database.position())

    def apply(self, script: str | PathLike[str]) -> None:
        await_only(self._database.apply(script))

    def close(self) -> None:
        await_only(self._database.close())


def _without_driver(url: str | URL) -> URL:
    parsed = make_url(url)
    return parsed.set(drivername=parsed.get_backend_name())


@contextmanager
def _awaited(block: AbstractAsyncContextManager[AsyncConnection]) -> Iterator[Connection]:
    conn = await_only(block.__aenter__())
    try:
        yield _synchronous(conn)
    except BaseException as error:
        if not await_only(block.__aexit__(type(error), error, error.__traceback__)):
            raise
    else:
        await_only(block.__aexit__(None, None, None))


def _synchronous(conn: AsyncConnection) -> Connection:
    assert conn.sync_connection is not None
    return conn.sync_connection
