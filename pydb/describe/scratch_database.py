"""Create a database on a server for one check: a server's URL in, the URL of a new, empty database out.

The database is dropped at the end, also after an error or an interrupt.  The next check drops what a killed check has
left.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.database.error_translation import translated
from pydb.describe.orphans import Server, drop_orphans, new_name
from pydb.errors import DatabaseError, Disconnected, PydbError

__all__ = ["scratch_database"]

LONGEST_DROP = 60.0
"""Seconds that DROP DATABASE may take: on PostgreSQL it waits for a checkpoint."""


@contextmanager
def scratch_database(url: URL, server: Server) -> Iterator[URL]:
    """A new database on that server.  Raises PydbError if it cannot be created or dropped."""
    made = _Made(url, server)
    try:
        made.create()
        yield url.set(database=made.name)
    finally:
        # No code between the two `try`: if an interrupt stops the drop, the outer `try` drops again.
        try:
            made.drop()
        except KeyboardInterrupt:
            made.drop()
            raise


class _Made:
    """A scratch database and the connection that owns it.

    ``_exists`` is true from the moment before CREATE DATABASE is sent: the database may exist.  ``_created`` is true
    after the server's answer.
    """

    def __init__(self, url: URL, server: Server) -> None:
        self.name = new_name(datetime.now(UTC))
        self._url = url
        self._server = server
        self._exists = self._created = False
        self._database: Database | None = None
        self._owner: Connection | None = None

    def create(self) -> None:
        self._database = Database(self._url, pool_size=1)
        self._owner = self._database.connect().execution_options(isolation_level="AUTOCOMMIT")
        with translated(self._database.rules):
            self._server.claim(self._owner, self.name)
            drop_orphans(self._owner, self._server)
        # If an interrupt comes between two context managers, the database is dropped when the program ends.
        atexit.register(self.drop)
        self._exists = True
        try:
            with translated(self._database.rules):
                self._owner.exec_driver_sql(f"CREATE DATABASE {self.name}")
            self._created = True
        except DatabaseError as error:
            refused = error.orig is not None and self._database.rules.is_refusal(error.orig)
            self._exists = isinstance(error, Disconnected) and not refused
            whom = "the primary" if refused else "a user that may create databases"
            raise PydbError(
                f"no scratch database can be created: {error.message}",
                hint=f"give --db the URL of {whom}, or check an existing database with --live",
            ) from None

    def drop(self) -> None:
        """Drop the database if it may exist; a second call does no harm.

        A new connection sends the DROP, because the owner's connection may have been interrupted.
        """
        if self._exists:
            try:
                self._drop()
            except DatabaseError as error:
                self._close()
                atexit.unregister(self.drop)
                raise PydbError(
                    f"the scratch database {self.name} could not be dropped: {error.message}",
                    hint="the next check on this server drops it",
                ) from None
        self._exists = False
        self._close()
        atexit.unregister(self.drop)

    def _drop(self) -> None:
        with (
            Database(self._url, pool_size=1, statement_timeout=LONGEST_DROP) as database,
            translated(database.rules),
            database.connect().execution_options(isolation_level="AUTOCOMMIT") as conn,
        ):
            self._server.claim(conn, self.name)
            if not self._created:
                self._close()
                self._server.take_over(conn, self.name)
            self._server.drop(conn, self.name)

    def _close(self) -> None:
        if self._owner is not None and not self._owner.closed:
            self._owner.invalidate()  # the pool must not use it again
            self._owner.close()
        if self._database is not None:
            self._database.close()
