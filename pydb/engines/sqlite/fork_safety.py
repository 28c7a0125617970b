"""SQLite and fork: the engine of a database file in, children that cannot damage the file out.

SQLite keeps account of its file locks in the process's memory, and a fork copies the account without the locks:
https://sqlite.org/howtocorrupt.html#_carrying_an_open_database_connection_across_a_fork_.  So idle connections are
closed before a fork, and a child that was forked while one was in use is refused the file.
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
    """An engine's ``file``, its connections ``in_use``, and which of these are ``left`` of a pool before a fork."""

    file: str
    in_use: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)

    def detach(self, connection: Any, record: Any) -> None:
        """Know the connection by itself: its record is given to another one."""
        self.in_use.discard(id(record))
        self.in_use.add(id(connection))

    def close_detached(self, connection: Any) -> None:
        self.in_use.discard(id(connection))
        self.left.discard(id(connection))

    def checkin(self, _connection: Any, record: Any) -> None:
        self.in_use.discard(id(record))
        if id(record) in self.left:
            # Its pool has been given up, and would leave it to the garbage collector.
            self.left.discard(id(record))
            record.close()


_connections: WeakKeyDictionary[Engine, _Connections] = WeakKeyDictionary()

_refused: set[str] = set()
"""The files that this process must not open."""


def keep_safe(engine: Engine, file: str) -> None:
    """Keep the file safe when this process forks."""
    known = _connections[engine] = _Connections(file)
    event.listen(engine, "do_connect", lambda *_: refuse_forked(engine))
    if engine.dialect.is_async:
        # No fork can await that an idle connection is closed.
        event.listen(engine, "connect", lambda connection, _record: known.in_use.add(id(connection)))
        event.listen(engine, "close", lambda connection, _record: known.close_detached(connection))
        event.listen(engine, "close_detached", known.close_detached)
        return
    event.listen(engine, "checkout", lambda _connection, record, _proxy: known.in_use.add(id(record)))
    event.listen(engine, "checkin", known.checkin)
    event.listen(engine, "detach", known.detach)
    event.listen(engine, "close_detached", known.close_detached)


def refuse_forked(engine: Engine) -> None:
    """Raise PydbError when this process must not open the engine's file."""
    if _refused and engine in _connections and _connections[engine].file in _refused:
        before = (
            "close the AsyncDatabase before"
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
