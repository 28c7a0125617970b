"""Use pydb: its functions on a connection, which return records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pydb
from bench.contenders.base import Contender, Sets
from bench.domain import Account, Line, Person, write_pydb


class Pydb(Contender):
    name = "pydb"

    def open(self) -> None:
        self.database = pydb.Database(self.url)
        write_pydb(self.folder, self.engine)
        self.people = pydb.load(self.folder, records=[Person, Account, Line]).people
        self.conn = self.database.connect()

    def close(self) -> None:
        self.conn.close()
        self.database.close()

    def begin(self) -> None:
        self.conn.begin()

    def rollback(self) -> None:
        self.conn.rollback()

    def point(self, ids: Sequence[int]) -> list[Person]:
        people, conn = self.people, self.conn
        return [people.point(conn, id=id) for id in ids]

    def point_typed(self, ids: Sequence[int]) -> list[Account]:
        people, conn = self.people, self.conn
        return [people.point_typed(conn, id=id) for id in ids]

    def insert(self, sets: Sets) -> list[Person]:
        people, conn = self.people, self.conn
        return [people.insert(conn, **given) for given in sets]

    def upsert(self, sets: Sets) -> list[Person]:
        people, conn = self.people, self.conn
        return [people.upsert(conn, **given) for given in sets]

    def plain(self, n: int) -> list[Person]:
        return self.people.plain(self.conn, n=n)  # type: ignore[no-any-return]

    def typed(self, n: int) -> list[Account]:
        return self.people.typed(self.conn, n=n)  # type: ignore[no-any-return]

    def join(self, n: int) -> list[Line]:
        return self.people.join(self.conn, n=n)  # type: ignore[no-any-return]

    def batch(self, sets: Sets) -> None:
        self.people.batch(self.conn, sets)

    def batch_keys(self, sets: Sets) -> list[int]:
        return self.people.batch_keys(self.conn, sets)  # type: ignore[no-any-return]

    def stream(self) -> Iterator[Person]:
        return self.people.stream(self.conn)  # type: ignore[no-any-return]
