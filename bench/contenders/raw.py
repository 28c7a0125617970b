"""Use the driver itself, with hand-written mapping."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bench.contenders.base import ACCOUNT_FROM, Contender, Sets, begin_driver, driver_connection
from bench.domain import GIVEN, Account, Line, Person, statements


class Raw(Contender):
    name = "raw driver"

    def open(self) -> None:
        mark = "?" if self.engine == "sqlite" else "%s"
        self.sql = {each.name: re.sub(r":\w+", mark, each.sql) for each in statements(self.engine)}
        name = r":\1" if self.engine == "sqlite" else r"%(\1)s"
        self.many = {each.name: re.sub(r":(\w+)", name, each.sql) for each in statements(self.engine)}
        self.connection = driver_connection(self.engine, self.url)
        self.account = ACCOUNT_FROM[self.engine]

    def close(self) -> None:
        self.connection.close()

    def begin(self) -> None:
        begin_driver(self.engine, self.connection)

    def rollback(self) -> None:
        self.connection.rollback()

    def point(self, ids: Sequence[int]) -> list[Person]:
        connection, sql = self.connection, self.sql["point"]
        find = _find_on_cursor if self.engine == "mariadb" else _find
        return [find(connection, sql, id) for id in ids]

    def point_typed(self, ids: Sequence[int]) -> list[Account]:
        connection, sql, account = self.connection, self.sql["point_typed"], self.account
        find = _find_typed_on_cursor if self.engine == "mariadb" else _find_typed
        return [find(connection, sql, account, id) for id in ids]

    def insert(self, sets: Sets) -> list[Person]:
        return self._write("insert", sets)

    def upsert(self, sets: Sets) -> list[Person]:
        return self._write("upsert", sets)

    def _write(self, name: str, sets: Sets) -> list[Person]:
        connection, sql = self.connection, self.sql[name]
        write = _write_on_cursor if self.engine == "mariadb" else _write
        return [write(connection, sql, **given) for given in sets]

    def plain(self, n: int) -> list[Person]:
        return [Person(*row) for row in self._execute("plain", (n,))]

    def typed(self, n: int) -> list[Account]:
        account = self.account
        return [account(row) for row in self._execute("typed", (n,))]

    def join(self, n: int) -> list[Line]:
        return [Line(*row) for row in self._execute("join", (n,))]

    def batch(self, sets: Any) -> None:
        # The sets are dictionaries for all contenders; the drivers accept them by name.
        self.connection.cursor().executemany(self.many["batch"], sets)

    def batch_keys(self, sets: Any) -> list[int]:
        sql, cursor = self.many["batch_keys"], self.connection.cursor()
        if self.engine == "postgresql":
            cursor.executemany(sql, sets, returning=True)
            return [result.fetchone()[0] for result in cursor.results()]
        keys = []
        for given in sets:
            cursor.execute(sql, given)
            keys.append(cursor.fetchone()[0])
        return keys

    def stream(self) -> Iterator[Person]:
        if self.engine == "postgresql":
            cursor = self.connection.cursor(name="people")
            cursor.itersize = 1000
        elif self.engine == "mariadb":
            from pymysql.cursors import SSCursor

            cursor = self.connection.cursor(SSCursor)
        else:
            cursor = self.connection.cursor()
        cursor.execute(self.sql["stream"])
        for row in cursor:
            yield Person(*row)

    def _execute(self, name: str, values: Any) -> Any:
        cursor = self.connection.cursor()
        cursor.execute(self.sql[name], values)
        return cursor


class RawTuples(Raw):
    """The driver, for batches whose sets are already tuples in the order of the placeholders."""

    name = "raw driver, tuples"
    batches_only = True

    def open(self) -> None:
        super().open()
        self.many = self.sql

    def batch_input(self, sets: Sets) -> Any:
        return [tuple(given[name] for name in GIVEN) for given in sets]


# A programmer writes this for each statement, because PyMySQL's connections have no execute().


def _find(connection: Any, sql: str, id: int) -> Person:
    return Person(*connection.execute(sql, (id,)).fetchone())


def _find_on_cursor(connection: Any, sql: str, id: int) -> Person:
    with connection.cursor() as cursor:
        cursor.execute(sql, (id,))
        return Person(*cursor.fetchone())


def _find_typed(connection: Any, sql: str, account: Any, id: int) -> Account:
    made: Account = account(connection.execute(sql, (id,)).fetchone())
    return made


def _find_typed_on_cursor(connection: Any, sql: str, account: Any, id: int) -> Account:
    with connection.cursor() as cursor:
        cursor.execute(sql, (id,))
        made: Account = account(cursor.fetchone())
        return made


def _write(
    connection: Any, sql: str, *, username: str, email: str, full_name: str, city: str, age: int, score: float
) -> Person:
    return Person(*connection.execute(sql, (username, email, full_name, city, age, score)).fetchone())


def _write_on_cursor(
    connection: Any, sql: str, *, username: str, email: str, full_name: str, city: str, age: int, score: float
) -> Person:
    with connection.cursor() as cursor:
        cursor.execute(sql, (username, email, full_name, city, age, score))
        return Person(*cursor.fetchone())
