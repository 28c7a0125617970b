"""Sessions on a server: a URL in, a Session on the driver's own connection, with the settings of ``Database``, out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.describe.orphans import Server
from pydb.describe.scratch_database import scratch_database
from pydb.describe.session import Session, Sessions

__all__ = ["ServerSessions"]


class ServerSessions(Sessions):
    """``Sessions`` of an engine that is a server; ``server`` owns its scratch databases."""

    server: Server

    @abstractmethod
    def session(self, connection: Any, release: Callable[[], None]) -> Session:
        """A session on a connection of the driver; ``release`` is called when it is closed."""

    @contextmanager
    def scratch(self, url: URL | None) -> Iterator[Session]:
        assert url is not None, "a server has a URL"
        with scratch_database(url, self.server) as own:
            session = self._open(own)
            try:
                yield session
            finally:
                session.close()

    def existing(self, url: URL) -> Session:
        session = self._open(url)
        self.only_read(session)
        return session

    def only_read(self, session: Any) -> None:
        """Let the session change nothing, as far as the engine then still prepares statements that write."""

    def _open(self, url: URL) -> Session:
        database = Database(url, pool_size=1)
        core = database.connect()
        connection: Any = core.connection.driver_connection

        def release() -> None:
            # The pool must not touch a connection whose protocol was spoken by hand.
            core.invalidate()
            core.close()
            database.close()

        return self.session(connection, release)
