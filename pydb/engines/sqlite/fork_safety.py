"""Make forks safe for SQLite files: the engine of a database file in; children that cannot damage the file, out.

SQLite records its file locks in the memory of the process.  A fork copies that record, but not the locks:
https://sqlite.org/howtocorrupt.html#_carrying_an_open_database_connection_across_a_fork_.  So pydb closes idle
connections before a fork.  If a connection was in use at the fork, the child must not open the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event

from pydb.engines.forks import ChildStep, before_fork, in_child
from pydb.errors import PydbError


@dataclass(slots=True)
class _Connections:
    """The connections of an engine to its ``file``.

    ``in_use`` has the ids of those in use.  ``left`` has the ids of those that were in use when their pool was disposed
    before a fork.
    """

    file: str
    in_use: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)

    def detach(self, connection: Any, record: Any) -> None:
        """Identify a detached connection by its own id, because the pool gives its record to another connection."""
        self.in_use.discard(id(record))
        self.in_use.add(id(connection))

    def close_detached(self, connection: Any) -> None:
        self.in_use.discard(id(connection))
        self.left.discard(id(connection))

    def checkin(self, _connection: Any, record: Any) -> None:
        self.in_use.discard(id(record))
        if id(record) in self.left:
            # The pool was disposed, and would leave the connection to the garbage collector.
            self.left.discard(id(record))
            record.close()


_connections: WeakKeyDictionary[Engine, _Connections] = WeakKeyDictionary()

_refused: set[str] = set()
"""The files that this process must not open."""


def keep_safe(engine: Engine, file: str) -> None:
    """Protect the file when this process forks."""
    known = _connections[engine] = _Connections(file)
    event.listen(engine, "do_connect", lambda *_: refuse_forked(engine))
    if engine.dialect.is_async:
        # A fork cannot await the closing of idle connections, so every open connection counts as in use.
        event.listen(engine, "connect", lambda connection, _record: known.in_use.add(id(connection)))
        event.listen(engine, "close", lambda connection, _record: known.close_detached(connection))
        event.listen(engine, "close_detached", known.close_detached)
        return
    event.listen(engine, "checkout", lambda _connection, record, _proxy: known.in_use.add(id(record)))
    event.listen(engine, "checkin", known.checkin)
    event.listen(engine, "detach", known.detach)
    event.listen(engine, "close_detached", known.close_detached)


def refuse_forked(engine: Engine) -> None:
    """Raise PydbError if this process must not open the engine's file."""
    if _refused and engine in _connections and _connections[engine].file in _refused:
        before = (
            "close the AsyncDatabase before the fork"
            if engine.dialect.is_async
            else "fork outside of begin(), read() and connect()"
        )
        raise PydbError(
            "this process was forked while its parent used a connection to the database file",
            hint=f"{before}, or start the child with multiprocessing's spawn",
        )


def _close_idle_connections() -> None:
    for engine, known in list(_connections.items()):
        if not engine.dialect.is_async:
            known.left |= known.in_use
            engine.dispose()


def _refuse_files_in_use() -> None:
    for known in _connections.values():
        known.left.clear()
        if known.in_use:
            _refused.add(known.file)


before_fork(_close_idle_connections)
in_child(ChildStep.REFUSE_FILES, _refuse_files_in_use)
