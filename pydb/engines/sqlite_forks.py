"""SQLite and fork: the engine of a database file in, children that cannot damage the file out.

SQLite keeps account of its file locks in the process's memory, and a fork copies the account without the locks:
https://sqlite.org/howtocorrupt.html#_carrying_an_open_database_connection_across_a_fork_.  So idle connections are
closed before a fork, and a child that was forked while one was in use is refused the file.
"""

from __future__ import annotations

import os
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event

from pydb.errors import PydbError

_connections: WeakKeyDictionary[Engine, tuple[str, set[int]]] = WeakKeyDictionary()
"""The file of each engine, and which of its connections are in use."""

_refused: set[str] = set()
"""The files that this process must not open."""


def watch(engine: Engine, file: str) -> None:
    """Keep the file safe when this process forks."""
    in_use: set[int] = set()
    _connections[engine] = (file, in_use)
    event.listen(engine, "do_connect", lambda *_: check(engine))
    event.listen(engine, "checkout", lambda _connection, record, _proxy: in_use.add(id(record)))
    event.listen(engine, "checkin", lambda _connection, record: in_use.discard(id(record)))


def check(engine: Engine) -> None:
    """Raise PydbError when this process must not open the engine's file."""
    if _refused and engine in _connections and _connections[engine][0] in _refused:
        raise PydbError(
            "this process was forked while its parent used a connection to the database file",
            hint="fork outside of begin(), read() and connect(), or start the child with multiprocessing's spawn",
        )


def _before_fork() -> None:
    for engine in list(_connections):
        engine.dispose()


def _after_fork_in_child() -> None:
    for file, in_use in _connections.values():
        if in_use:
            _refused.add(file)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_child=_after_fork_in_child)
