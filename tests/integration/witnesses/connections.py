"""A database of each engine, for scripts and for single queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apsw
import psycopg

import pydb
from pydb.describe.catalogue import Catalogue
from pydb.describe.engines.mariadb_catalogue import read_catalogue as read_mariadb
from pydb.describe.engines.postgresql_catalogue import read_catalogue as read_postgresql
from pydb.describe.engines.sqlite_catalogue import read_catalogue as read_sqlite

Row = tuple[Any, ...]


class Sqlite:
    """A database in memory."""

    def __init__(self) -> None:
        self.connection = apsw.Connection(":memory:")

    def catalogue(self) -> Catalogue:
        return read_sqlite(self.connection, "sqlite")

    def script(self, sql: str) -> None:
        self.connection.execute(sql)

    def rows(self, sql: str) -> list[Row]:
        """The rows of one query, whose changes are rolled back."""
        self.connection.execute("SAVEPOINT witness")
        try:
            return [tuple(row) for row in self.connection.execute(sql)]
        finally:
            self.connection.execute("ROLLBACK TO witness; RELEASE witness")


class Server:
    """A driver's connection to a server."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def catalogue(self) -> Catalogue:
        if isinstance(self.connection, psycopg.Connection):
            return read_postgresql(self.connection, "postgresql")
        return read_mariadb(self.connection, "mariadb")

    def script(self, sql: str) -> None:
        with self.connection.cursor() as cursor:
            for statement in filter(str.strip, sql.split(";\n")):
                cursor.execute(statement)
        self.connection.commit()

    def rows(self, sql: str) -> list[Row]:
        """The rows of one query, whose changes are rolled back."""
        try:
            if isinstance(self.connection, psycopg.Connection):
                return self._libpq_rows(sql)
            with self.connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        finally:
            self.connection.rollback()

    def _libpq_rows(self, sql: str) -> list[Row]:
        """The rows as libpq returns them, because psycopg has no Python value for an infinite timestamp."""
        self.connection.pgconn.exec_(b"BEGIN")
        result = self.connection.pgconn.exec_(sql.encode())
        if result.error_message:
            raise psycopg.Error(result.error_message.decode())
        return [
            tuple(result.get_value(row, column) for column in range(result.nfields)) for row in range(result.ntuples)
        ]


@contextmanager
def opened(engine: str, url: str) -> Iterator[Sqlite | Server]:
    """The database at the URL; on SQLite, one in memory."""
    if engine == "sqlite":
        yield Sqlite()
        return
    with pydb.Database(url) as database:
        raw = database.engine.raw_connection()
        try:
            yield Server(raw.driver_connection)
        finally:
            raw.close()
