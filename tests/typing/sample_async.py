"""The types of the generated asynchronous functions: checked by mypy and pyright, never run.

A line that ends in ``type: ignore`` is a mistake that both must find; an ignore without a mistake is an error too.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from decimal import Decimal
from typing import Any, assert_type

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from pydb.sample import Product, Role, StockMonth, User, UserWithPosts, queries
from pydb.sample.aio import products, reports, users
from pydb.sample.users import InsertManySet
from pydb.statement import AsyncCall


async def row_words(conn: AsyncConnection) -> None:
    """Awaiting a function returns the type of its row word."""
    assert_type(await users.create(conn, username="Moshe", email="m@example.com"), User)
    assert_type(await users.by_id(conn, id=1), User | None)
    assert_type(await users.list_all(conn), list[User])
    assert_type(await users.count_all(conn), int)
    assert_type(await users.delete(conn, id=1), int)
    assert_type(await users.by_ids(conn, ids=[1, 2]), list[User])
    assert_type(await users.with_posts(conn, id=1), UserWithPosts | None)
    assert_type(await products.adjust_stock(conn, id=1, quantity=2), Product | None)
    assert_type(await reports.stock.by_month(conn), list[StockMonth])


async def batches(conn: AsyncConnection) -> None:
    """A batch accepts the sets of the synchronous function."""
    given: InsertManySet = {"username": "a", "email": "b", "age": None, "role": Role.USER}
    assert_type(await users.insert_many(conn, [given]), int)
    await users.insert_many(conn, [{"username": "a"}])  # type: ignore


async def streams(conn: AsyncConnection) -> None:
    """A stream is an asynchronous generator."""
    assert_type(users.stream_all(conn), AsyncGenerator[User, None])
    async for user in users.stream_all(conn):
        assert_type(user, User)
    async with aclosing(users.stream_all(conn)) as rows:
        assert_type(await anext(rows), User)


async def optional_names(conn: AsyncConnection) -> None:
    """Optional parameters have the types of the synchronous function."""
    assert_type(await users.page(conn, limit=10, order="oldest"), list[User])
    assert_type(await users.patch(conn, id=1, email="new@example.com"), User | None)
    await users.page(conn, limit=10, order="sideways")  # type: ignore


async def mistakes(conn: AsyncConnection, sync: Connection) -> None:
    """Calls that a type checker refuses."""
    await users.by_id(sync, id=1)  # type: ignore
    await users.by_id(conn, id="1")  # type: ignore
    await users.by_id(conn)  # type: ignore
    await users.by_id(conn, 1)  # type: ignore
    await users.add_balance(conn, id=1, amount=0.5)  # type: ignore
    assert_type(await users.add_balance(conn, id=1, amount=Decimal("0.5")), User | None)
    for _ in users.stream_all(conn):  # type: ignore
        pass


async def statements(conn: AsyncConnection) -> None:
    """The call of a statement itself has no types."""
    assert_type(queries["users.by_id"].aio, AsyncCall)
    assert_type(await queries.users.by_id.aio(conn, id=1), Any)
