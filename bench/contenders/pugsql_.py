"""Use PugSQL: its functions return dictionaries, from which records are made by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.sql.expression import BindParameter

_own = BindParameter._compiler_dispatch
import pugsql  # noqa: E402

from bench.contenders.base import ACCOUNT_FROM, Contender, Sets  # noqa: E402
from bench.domain import Account, Line, Person, statements  # noqa: E402

# PugSQL changes how SQLAlchemy writes every bind in the process, which breaks the ORM's batches.  Here the change is in
# effect only while PugSQL runs.
_changed = BindParameter._compiler_dispatch
BindParameter._compiler_dispatch = _own  # type: ignore[method-assign]

_RESULTS = {"one": ":one", "many": ":many", "stream": ":many", "batch": ":affected"}


class Pugsql(Contender):
    name = "PugSQL"

    def open(self) -> None:
        for each in statements(self.engine):
            file = self.folder / f"{each.name}.sql"
            file.write_text(f"-- :name {each.name} {_RESULTS[each.rows]}\n{each.sql};\n")
        # PugSQL caches its modules by their path.
        self.queries: Any = pugsql.module(str(self.folder))
        self.queries.connect(self.url)
        self.account = ACCOUNT_FROM[self.engine]

    def close(self) -> None:
        self.queries.disconnect()

    def begin(self) -> None:
        BindParameter._compiler_dispatch = _changed  # type: ignore[method-assign]
        self.context = self.queries.transaction()
        self.transaction = self.context.__enter__()

    def rollback(self) -> None:
        self.transaction.rollback()
        self.context.__exit__(None, None, None)
        BindParameter._compiler_dispatch = _own  # type: ignore[method-assign]

    def point(self, ids: Sequence[int]) -> list[Person]:
        queries = self.queries
        return [Person(**queries.point(id=id)) for id in ids]

    def point_typed(self, ids: Sequence[int]) -> list[Account]:
        queries, account = self.queries, self.account
        return [account(tuple(queries.point_typed(id=id).values())) for id in ids]

    def insert(self, sets: Sets) -> list[Person]:
        queries = self.queries
        return [Person(**queries.insert(**given)) for given in sets]

    def upsert(self, sets: Sets) -> list[Person]:
        queries = self.queries
        return [Person(**queries.upsert(**given)) for given in sets]

    def plain(self, n: int) -> list[Person]:
        return [Person(**row) for row in self.queries.plain(n=n)]

    def typed(self, n: int) -> list[Account]:
        account = self.account
        return [account(tuple(row.values())) for row in self.queries.typed(n=n)]

    def join(self, n: int) -> list[Line]:
        return [Line(**row) for row in self.queries.join(n=n)]

    def batch(self, sets: Sets) -> None:
        # Its documentation passes each set as an argument, which fails on SQLAlchemy 2.  A list has the same effect.
        self.queries.batch(sets)

    def stream(self) -> Iterator[Person]:
        for row in self.queries.stream():
            yield Person(**row)
