"""Sessions on a server: a URL in, a Session on the driver's own connection, with the settings of ``Database``, out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.describe.orphans import Server
from pydb.describe.scratch_database import scratch_database
from pydb.describe.session import Session, Sessions

__all__ = ["ServerSessions"]


class ServerSessions(Sessions):
    """``Sessions`` of an engine that is a server; ``server`` manages the scratch databases."""

    server: Server

    @abstractmethod
    def session(self, connection: Any, release: Callable[[], None], renew: Callable[[], Any]) -> Session:
        """A session on a connection of the driver.

        The session calls ``release`` when it is closed.  ``renew`` closes the connection and returns a new one.
        """

    @contextmanager
    def scratch(self, url: URL | None) -> Iterator[Session]:
        with self.database(url) as own:
            session = self._open(own)
            try:
                yield session
            finally:
                session.close()

    def database(self, url: URL | None) -> AbstractContextManager[URL]:
        assert url is not None, "a server has a URL"
        return scratch_database(url, self.server)

    def existing(self, url: URL) -> Session:
        session = self._open(url)
        self.only_read(session)
        return session

    def only_read(self, session: Any) -> None:
        """Make the session read-only, if the engine can still prepare statements that write; by default do nothing."""

    def _open(self, url: URL) -> Session:
        opened = _Opened(Database(url, pool_size=1))
        return self.session(opened.connection, opened.release, opened.renew)


class _Opened:
    """A connection that the pool never uses again, because the session sends its own protocol messages on it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._core = database.connect()

    @property
    def connection(self) -> Any:
        """The driver's connection."""
        return self._core.connection.driver_connection

    def renew(self) -> Any:
        """Close the connection and return a new one."""
        self._close()
        self._core = self._database.connect()
        return self.connection

    def release(self) -> None:
        """Close the connection and its database."""
        self._close()
        self._database.close()

    def _close(self) -> None:
        self._core.invalidate()
        self._core.close()
