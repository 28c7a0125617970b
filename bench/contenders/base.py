"""The interface of a contender: a method for each case, keys or rows in, records out; and hand-written conversions."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.engine import make_url

from bench.domain import Account, Line, Person

Sets = Sequence[dict[str, Any]]


class Session(ABC):
    """One connection of one contender; ``folder`` is a place for its files."""

    name: ClassVar[str]

    def __init__(self, engine: str, url: str, folder: Path) -> None:
        self.engine, self.url, self.folder = engine, url, folder
        self.open()

    @abstractmethod
    def open(self) -> None:
        """Connect, and prepare everything that a program prepares only once."""

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def begin(self) -> None:
        """Open the transaction that the next calls are in."""

    @abstractmethod
    def rollback(self) -> None: ...


class Contender(Session):
    """One connection of a contender in all cases except those of pages; with ``batches_only``, only in batches."""

    batches_only: ClassVar[bool] = False

    @abstractmethod
    def point(self, ids: Sequence[int]) -> list[Person]:
        """Read each person by its key, with one call for each."""

    @abstractmethod
    def point_typed(self, ids: Sequence[int]) -> list[Account]: ...

    @abstractmethod
    def insert(self, sets: Sets) -> list[Person]:
        """Insert each person, with one call for each; return the rows as stored."""

    @abstractmethod
    def upsert(self, sets: Sets) -> list[Person]: ...

    @abstractmethod
    def plain(self, n: int) -> list[Person]:
        """Read the first n people, in one call."""

    @abstractmethod
    def typed(self, n: int) -> list[Account]: ...

    @abstractmethod
    def join(self, n: int) -> list[Line]: ...

    @abstractmethod
    def batch(self, sets: Any) -> None:
        """Insert all people, with as few round trips as the contender offers."""

    def batch_keys(self, sets: Any) -> list[int] | None:
        """Do the same, and return the keys in the order of the sets; None if the contender does not offer that."""
        return None

    def batch_input(self, sets: Sets) -> Any:
        """The parameter sets in the form that the contender's batch needs; made before the time is measured."""
        return sets

    @abstractmethod
    def stream(self) -> Iterator[Person]:
        """Read a million people, one after the other."""


def sqlalchemy_options(engine: str) -> dict[str, Any]:
    """The options that a program with only SQLAlchemy would pass to ``create_engine``."""
    return {"connect_args": {"charset": "utf8mb4"}} if engine == "mariadb" else {}


def driver_connection(engine: str, url: str) -> Any:
    """A connection of the plain driver."""
    parsed = make_url(url)
    given: dict[str, Any] = {
        "host": parsed.host,
        "port": parsed.port,
        "user": parsed.username,
        "password": parsed.password,
    }
    if engine == "sqlite":
        import sqlite3

        connection = sqlite3.connect(parsed.database or "", isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection
    if engine == "postgresql":
        import psycopg

        return psycopg.connect(dbname=parsed.database, options="-c timezone=UTC", **given)
    import pymysql

    return pymysql.connect(database=parsed.database, charset="utf8mb4", **given)


def begin_driver(engine: str, connection: Any) -> None:
    """Open a transaction; the server drivers do it with the first statement."""
    if engine == "sqlite":
        connection.execute("BEGIN")


def account_from_sqlite(row: Any) -> Account:
    return Account(
        row[0],
        row[1],
        bool(row[2]),
        Decimal(str(row[3])),
        datetime.fromisoformat(row[4]),
        UUID(row[5]),
        json.loads(row[6]),
    )


def account_from_postgresql(row: Any) -> Account:
    return Account(*row)


def account_from_mariadb(row: Any) -> Account:
    return Account(
        row[0],
        row[1],
        bool(row[2]),
        row[3],
        row[4].replace(tzinfo=UTC),
        UUID(row[5]),
        json.loads(row[6]),
    )


ACCOUNT_FROM: dict[str, Callable[[Any], Account]] = {
    "sqlite": account_from_sqlite,
    "postgresql": account_from_postgresql,
    "mariadb": account_from_mariadb,
}
"""The function with which hand-written code makes an Account from the driver's row."""
