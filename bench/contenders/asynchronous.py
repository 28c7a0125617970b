"""Asynchronous contenders, a class for each: keys in, records out, on one connection."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

import pydb
from bench.contenders.base import ACCOUNT_FROM, sqlalchemy_options
from bench.contenders.core import typed_columns
from bench.contenders.orm import Accounts, People
from bench.domain import Account, Line, Person, statements, write_pydb

DRIVERS = {"sqlite": "sqlite+aiosqlite:", "postgresql": "postgresql+psycopg:", "mariadb": "mariadb+asyncmy:"}


def async_url(engine: str, url: str) -> str:
    """The URL for the asynchronous driver."""
    return DRIVERS[engine] + url.partition(":")[2]


class Contender(ABC):
    """One connection of one contender."""

    name: ClassVar[str]
    engines: ClassVar[tuple[str, ...]] = ("sqlite", "postgresql", "mariadb")

    def __init__(self, engine: str, url: str, folder: Path) -> None:
        self.engine, self.url, self.folder = engine, url, folder
        self.account = ACCOUNT_FROM[engine]

    @abstractmethod
    async def open(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    async def begin(self) -> None: ...

    @abstractmethod
    async def rollback(self) -> None: ...

    @abstractmethod
    async def point(self, ids: Sequence[int]) -> list[Any]: ...

    @abstractmethod
    async def point_typed(self, ids: Sequence[int]) -> list[Any]: ...

    @abstractmethod
    async def plain(self, n: int) -> list[Any]: ...

    @abstractmethod
    async def typed(self, n: int) -> list[Any]: ...


async def driver_connection(engine: str, url: str) -> Any:
    """A connection of the plain driver."""
    parsed = make_url(url)
    given: dict[str, Any] = {
        "host": parsed.host,
        "port": parsed.port,
        "user": parsed.username,
        "password": parsed.password,
    }
    if engine == "sqlite":
        import aiosqlite

        return await aiosqlite.connect(parsed.database or "", isolation_level=None)
    if engine == "postgresql":
        import psycopg

        return await psycopg.AsyncConnection.connect(dbname=parsed.database, options="-c timezone=UTC", **given)
    import asyncmy

    return await asyncmy.connect(db=parsed.database, charset="utf8mb4", **given)


class Native(Contender):
    """The driver itself, with a new cursor for each call, and with hand-written mapping."""

    name = "native driver"

    async def open(self) -> None:
        mark = "?" if self.engine == "sqlite" else "%s"
        self.sql = {each.name: re.sub(r":\w+", mark, each.sql) for each in statements(self.engine)}
        self.connection = await driver_connection(self.engine, self.url)

    async def close(self) -> None:
        if self.engine == "mariadb":
            await self.connection.ensure_closed()
        else:
            await self.connection.close()

    async def begin(self) -> None:
        if self.engine == "sqlite":
            await self.connection.execute("BEGIN")

    async def rollback(self) -> None:
        await self.connection.rollback()

    async def point(self, ids: Sequence[int]) -> list[Person]:
        return [Person(*await self._row("point", id)) for id in ids]

    async def point_typed(self, ids: Sequence[int]) -> list[Account]:
        return [self.account(await self._row("point_typed", id)) for id in ids]

    async def plain(self, n: int) -> list[Person]:
        return [Person(*row) for row in await self._rows("plain", n)]

    async def typed(self, n: int) -> list[Account]:
        return [self.account(row) for row in await self._rows("typed", n)]

    async def _row(self, name: str, id: int) -> Any:
        if self.engine != "mariadb":  # as the documentation of these two shows it
            cursor = await self.connection.execute(self.sql[name], (id,))
            row = await cursor.fetchone()
            await cursor.close()
            return row
        async with self.connection.cursor() as cursor:
            await cursor.execute(self.sql[name], (id,))
            return await cursor.fetchone()

    async def _rows(self, name: str, n: int) -> Any:
        if self.engine != "mariadb":
            cursor = await self.connection.execute(self.sql[name], (n,))
            rows = await cursor.fetchall()
            await cursor.close()
            return rows
        async with self.connection.cursor() as cursor:
            await cursor.execute(self.sql[name], (n,))
            return await cursor.fetchall()


class _OnCore(Contender):
    """The base of contenders that use an AsyncConnection of Core."""

    async def open(self) -> None:
        self.database = await self._engine()
        self.conn = await self.database.connect()

    async def _engine(self) -> AsyncEngine:
        engine = create_async_engine(async_url(self.engine, self.url), **sqlalchemy_options(self.engine))
        if self.engine == "sqlite":
            event.listen(engine.sync_engine, "connect", _leave_begin_to_us)
            event.listen(engine.sync_engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN"))
        return engine

    async def close(self) -> None:
        await self.conn.close()
        await self.database.dispose()

    async def begin(self) -> None:
        await self.conn.begin()

    async def rollback(self) -> None:
        await self.conn.rollback()


def _leave_begin_to_us(connection: Any, _record: object) -> None:
    connection.isolation_level = None


class Pydb(_OnCore):
    """pydb's asynchronous calls."""

    name = "pydb"

    async def _engine(self) -> AsyncEngine:
        return pydb.AsyncDatabase(make_url(self.url).set(drivername=self.engine)).engine

    async def open(self) -> None:
        await super().open()
        write_pydb(self.folder, self.engine)
        self.people = pydb.load(self.folder, records=[Person, Account, Line]).people

    async def point(self, ids: Sequence[int]) -> list[Person]:
        people, conn = self.people, self.conn
        return [await people.point.aio(conn, id=id) for id in ids]

    async def point_typed(self, ids: Sequence[int]) -> list[Account]:
        people, conn = self.people, self.conn
        return [await people.point_typed.aio(conn, id=id) for id in ids]

    async def plain(self, n: int) -> list[Person]:
        return await self.people.plain.aio(self.conn, n=n)  # type: ignore[no-any-return]

    async def typed(self, n: int) -> list[Account]:
        return await self.people.typed.aio(self.conn, n=n)  # type: ignore[no-any-return]


class PydbRunSync(Pydb):
    """pydb's synchronous calls, each in ``run_sync``."""

    name = "pydb, run_sync"

    async def point(self, ids: Sequence[int]) -> list[Person]:
        people, conn = self.people, self.conn
        return [await conn.run_sync(people.point, id=id) for id in ids]

    async def point_typed(self, ids: Sequence[int]) -> list[Account]:
        people, conn = self.people, self.conn
        return [await conn.run_sync(people.point_typed, id=id) for id in ids]

    async def plain(self, n: int) -> list[Person]:
        return await self.conn.run_sync(self.people.plain, n=n)

    async def typed(self, n: int) -> list[Account]:
        return await self.conn.run_sync(self.people.typed, n=n)


class Aiosql(Native):
    """aiosql, whose asynchronous adapters are those of aiosqlite and asyncpg."""

    name = "aiosql (asyncpg on PostgreSQL)"
    engines = ("sqlite", "postgresql")

    async def open(self) -> None:
        import aiosql

        rows = {"one": "^", "many": ""}
        wanted = [each for each in statements(self.engine) if each.name in ("point", "point_typed", "plain", "typed")]
        source = "\n".join(
            f"-- name: {each.name}({', '.join(each.parameters)}){rows[each.rows]}\n{each.sql};\n" for each in wanted
        )
        self.queries = aiosql.from_str(source, "aiosqlite" if self.engine == "sqlite" else "asyncpg")
        if self.engine == "sqlite":
            self.connection = await driver_connection(self.engine, self.url)
            return
        import asyncpg

        url = make_url(self.url).set(drivername="postgresql")
        self.connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        await self.connection.set_type_codec("jsonb", encoder=str, decoder=json.loads, schema="pg_catalog")

    async def begin(self) -> None:
        if self.engine == "sqlite":
            await super().begin()
        else:
            self.transaction = self.connection.transaction()
            await self.transaction.start()

    async def rollback(self) -> None:
        if self.engine == "sqlite":
            await super().rollback()
        else:
            await self.transaction.rollback()

    async def point(self, ids: Sequence[int]) -> list[Person]:
        queries, connection = self.queries, self.connection
        return [Person(*await queries.point(connection, id=id)) for id in ids]

    async def point_typed(self, ids: Sequence[int]) -> list[Account]:
        queries, connection = self.queries, self.connection
        return [self.account(await queries.point_typed(connection, id=id)) for id in ids]

    async def plain(self, n: int) -> list[Person]:
        return [Person(*row) async for row in self.queries.plain(self.connection, n=n)]

    async def typed(self, n: int) -> list[Account]:
        return [self.account(row) async for row in self.queries.typed(self.connection, n=n)]


class Core(_OnCore):
    """Core's ``text()``, with ``columns()`` where the columns need types, and mapping by hand."""

    name = "Core text()"

    async def open(self) -> None:
        await super().open()
        self.text: dict[str, Any] = {each.name: text(each.sql) for each in statements(self.engine)}
        for name in ("point_typed", "typed"):
            self.text[name] = self.text[name].columns(**typed_columns(self.engine))

    async def point(self, ids: Sequence[int]) -> list[Person]:
        conn, sql = self.conn, self.text["point"]
        return [Person(*(await conn.execute(sql, {"id": id})).one()) for id in ids]

    async def point_typed(self, ids: Sequence[int]) -> list[Account]:
        conn, sql = self.conn, self.text["point_typed"]
        return [Account(*(await conn.execute(sql, {"id": id})).one()) for id in ids]

    async def plain(self, n: int) -> list[Person]:
        return [Person(*row) for row in await self.conn.execute(self.text["plain"], {"n": n})]

    async def typed(self, n: int) -> list[Account]:
        return [Account(*row) for row in await self.conn.execute(self.text["typed"], {"n": n})]


class Orm(_OnCore):
    """The ORM's AsyncSession."""

    name = "ORM"

    async def open(self) -> None:
        self.database = await self._engine()
        self.session = AsyncSession(self.database)

    async def close(self) -> None:
        await self.session.close()
        await self.database.dispose()

    async def begin(self) -> None:
        # The session keeps nothing from the last transaction, so every call reads its row.
        self.session.expunge_all()
        await self.session.begin()

    async def rollback(self) -> None:
        await self.session.rollback()

    async def point(self, ids: Sequence[int]) -> list[Any]:
        return [await self.session.get_one(People, id) for id in ids]

    async def point_typed(self, ids: Sequence[int]) -> list[Any]:
        return [await self.session.get_one(Accounts, id) for id in ids]

    async def plain(self, n: int) -> list[Any]:
        return list(await self.session.scalars(select(People).order_by(People.id).limit(n)))

    async def typed(self, n: int) -> list[Any]:
        return list(await self.session.scalars(select(Accounts).order_by(Accounts.id).limit(n)))


class Sqlspec(Contender):
    """SQLSpec: an asynchronous session of its adapter, with ``schema_type`` for the records."""

    name = "SQLSpec"

    async def open(self) -> None:
        from sqlspec import SQLSpec

        self.spec = SQLSpec()
        self.config = self.spec.add_config(self._config())
        source = "\n".join(f"-- name: {each.name}\n{each.sql};\n" for each in statements(self.engine))
        (self.folder / "people.sql").write_text(source)
        self.spec.load_sql_files(self.folder)
        self.sql = {each.name: self.spec.get_sql(each.name) for each in statements(self.engine)}
        self.context: Any = self.spec.provide_session(self.config)
        self.session: Any = await self.context.__aenter__()

    def _config(self) -> Any:
        url = make_url(self.url)
        if self.engine == "sqlite":
            from sqlspec.adapters.aiosqlite import AiosqliteConfig

            return AiosqliteConfig(connection_config={"database": url.database})
        given = {"host": url.host, "port": url.port, "user": url.username, "password": url.password}
        if self.engine == "postgresql":
            from sqlspec.adapters.psycopg import PsycopgAsyncConfig

            options = {"dbname": url.database, "options": "-c timezone=UTC", "min_size": 1, "max_size": 1}
            return PsycopgAsyncConfig(connection_config={**given, **options})
        from sqlspec.adapters.asyncmy import AsyncmyConfig

        return AsyncmyConfig(connection_config={**given, "database": url.database, "charset": "utf8mb4"})

    async def close(self) -> None:
        await self.context.__aexit__(None, None, None)
        await self.config.close_pool()

    async def begin(self) -> None:
        await self.session.begin()

    async def rollback(self) -> None:
        await self.session.rollback()

    async def point(self, ids: Sequence[int]) -> list[Person]:
        session, sql = self.session, self.sql["point"]
        return [await session.select_one(sql, id=id, schema_type=Person) for id in ids]

    async def point_typed(self, ids: Sequence[int]) -> list[Account]:
        session, sql = self.session, self.sql["point_typed"]
        if self.engine == "postgresql":
            return [await session.select_one(sql, id=id, schema_type=Account) for id in ids]
        # SQLSpec's dataclass mapping converts no column, and its rows are dictionaries, so conversions are written by
        # hand.
        return [self.account(tuple((await session.select_one(sql, id=id)).values())) for id in ids]

    async def plain(self, n: int) -> list[Person]:
        return await self.session.select(self.sql["plain"], n=n, schema_type=Person)  # type: ignore[no-any-return]

    async def typed(self, n: int) -> list[Account]:
        if self.engine == "postgresql":
            return await self.session.select(self.sql["typed"], n=n, schema_type=Account)  # type: ignore[no-any-return]
        return [self.account(tuple(row.values())) for row in await self.session.select(self.sql["typed"], n=n)]


CONTENDERS = (Native, Pydb, PydbRunSync, Aiosql, Core, Orm, Sqlspec)
"""The others are compared with the first."""
