"""Use aiosql: its functions on a driver's connection, which return the driver's rows, with mapping by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import aiosql

from bench.contenders.base import ACCOUNT_FROM, Contender, Sets, begin_driver, driver_connection
from bench.domain import Account, Line, Person, statements

_OPERATIONS = {"one": "^", "many": "", "stream": "", "batch": "*!"}
DRIVERS = {"sqlite": "sqlite3", "postgresql": "psycopg", "mariadb": "pymysql"}


class Aiosql(Contender):
    name = "aiosql"

    def open(self) -> None:
        text = "\n".join(
            f"-- name: {each.name}({', '.join(each.parameters)}){_OPERATIONS[each.rows]}\n{each.sql};\n"
            for each in statements(self.engine)
            if each.name != "batch_keys"
        )
        self.queries = aiosql.from_str(text, DRIVERS[self.engine])
        self.connection = driver_connection(self.engine, self.url)
        self.account = ACCOUNT_FROM[self.engine]

    def close(self) -> None:
        self.connection.close()

    def begin(self) -> None:
        begin_driver(self.engine, self.connection)

    def rollback(self) -> None:
        self.connection.rollback()

    def point(self, ids: Sequence[int]) -> list[Person]:
        queries, connection = self.queries, self.connection
        return [Person(*queries.point(connection, id=id)) for id in ids]

    def point_typed(self, ids: Sequence[int]) -> list[Account]:
        queries, connection, account = self.queries, self.connection, self.account
        return [account(queries.point_typed(connection, id=id)) for id in ids]

    def insert(self, sets: Sets) -> list[Person]:
        queries, connection = self.queries, self.connection
        return [Person(*queries.insert(connection, **given)) for given in sets]

    def upsert(self, sets: Sets) -> list[Person]:
        queries, connection = self.queries, self.connection
        return [Person(*queries.upsert(connection, **given)) for given in sets]

    def plain(self, n: int) -> list[Person]:
        return [Person(*row) for row in self.queries.plain(self.connection, n=n)]

    def typed(self, n: int) -> list[Account]:
        account = self.account
        return [account(row) for row in self.queries.typed(self.connection, n=n)]

    def join(self, n: int) -> list[Line]:
        return [Line(*row) for row in self.queries.join(self.connection, n=n)]

    def batch(self, sets: Sets) -> None:
        self.queries.batch(self.connection, sets)

    def stream(self) -> Iterator[Person]:
        for row in self.queries.stream(self.connection):
            yield Person(*row)
