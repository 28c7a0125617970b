"""Use SQLSpec: a session of its adapter, with ``schema_type`` for the records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.engine import make_url
from sqlspec import SQLSpec
from sqlspec.adapters.psycopg import PsycopgSyncConfig
from sqlspec.adapters.pymysql import PyMysqlConfig
from sqlspec.adapters.sqlite import SqliteConfig

from bench.contenders.base import ACCOUNT_FROM, Contender, Sets
from bench.domain import Account, Line, Person, statements


class Sqlspec(Contender):
    name = "SQLSpec"

    def open(self) -> None:
        self.spec = SQLSpec()
        self.config = self.spec.add_config(self._config())
        text = "\n".join(f"-- name: {each.name}\n{each.sql};\n" for each in statements(self.engine))
        (self.folder / "people.sql").write_text(text)
        self.spec.load_sql_files(self.folder)
        self.sql = {each.name: self.spec.get_sql(each.name) for each in statements(self.engine)}
        self.context = self.spec.provide_session(self.config)
        self.session: Any = self.context.__enter__()
        self.account = ACCOUNT_FROM[self.engine]

    def _config(self) -> Any:
        url = make_url(self.url)
        if self.engine == "sqlite":
            return SqliteConfig(connection_config={"database": url.database})
        given = {"host": url.host, "port": url.port, "user": url.username, "password": url.password}
        if self.engine == "postgresql":
            options = {"dbname": url.database, "options": "-c timezone=UTC", "min_size": 1, "max_size": 1}
            return PsycopgSyncConfig(connection_config={**given, **options})
        return PyMysqlConfig(connection_config={**given, "database": url.database, "charset": "utf8mb4"})

    def close(self) -> None:
        self.context.__exit__(None, None, None)
        self.config.close_pool()

    def begin(self) -> None:
        self.session.begin()

    def rollback(self) -> None:
        self.session.rollback()

    def point(self, ids: Sequence[int]) -> list[Person]:
        session, sql = self.session, self.sql["point"]
        return [session.select_one(sql, id=id, schema_type=Person) for id in ids]

    def point_typed(self, ids: Sequence[int]) -> list[Account]:
        session, sql = self.session, self.sql["point_typed"]
        if self.engine == "postgresql":
            return [session.select_one(sql, id=id, schema_type=Account) for id in ids]
        # SQLSpec's dataclass mapping converts no column, and its rows are dictionaries, so conversions are written by
        # hand.
        return [self.account(tuple(session.select_one(sql, id=id).values())) for id in ids]

    def insert(self, sets: Sets) -> list[Person]:
        return self._write("insert", sets)

    def upsert(self, sets: Sets) -> list[Person]:
        return self._write("upsert", sets)

    def _write(self, name: str, sets: Sets) -> list[Person]:
        session, sql = self.session, self.sql[name]
        return [session.execute(sql, given).one(schema_type=Person) for given in sets]

    def plain(self, n: int) -> list[Person]:
        return self.session.select(self.sql["plain"], n=n, schema_type=Person)  # type: ignore[no-any-return]

    def typed(self, n: int) -> list[Account]:
        if self.engine == "postgresql":
            return self.session.select(self.sql["typed"], n=n, schema_type=Account)  # type: ignore[no-any-return]
        return [self.account(tuple(row.values())) for row in self.session.select(self.sql["typed"], n=n)]

    def join(self, n: int) -> list[Line]:
        return self.session.select(self.sql["join"], n=n, schema_type=Line)  # type: ignore[no-any-return]

    def batch(self, sets: Sets) -> None:
        self.session.execute_many(self.sql["batch"], sets)

    def stream(self) -> Iterator[Person]:
        yield from self.session.select_stream(self.sql["stream"], schema_type=Person)
