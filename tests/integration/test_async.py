"""docs/async.md on every engine, and generated functions over an asynchronous engine of the application's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from pydb import AsyncDatabase
from pydb.errors import CheckViolation, Disconnected, NoRow, UniqueViolation
from pydb.sample import Message, Product, User, products, users
from tests.harness.documents import PROJECT, Reader, blocks
from tests.harness.loops import run_in_loop

Run = Callable[[Callable[[AsyncDatabase], Awaitable[Any]]], Any]


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The names that docs/async.md defines."""
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path)
    for block in blocks(PROJECT / "docs" / "async.md"):
        reader.follow(block)
    return reader.module


@pytest.fixture
def run(engine_name: str, sample_url: str) -> Run:
    """Run a coroutine function with an ``AsyncDatabase`` of the sample."""
    url = make_url(sample_url).set(drivername=engine_name)

    def run(work: Callable[[AsyncDatabase], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            async with AsyncDatabase(url) as db:
                return await work(db)

        return run_in_loop(main())

    return run


def test_the_document_works_on_every_engine(run: Run, document: Any) -> None:
    """The examples of the document have the same results on the servers as on SQLite."""

    async def work(db: AsyncDatabase) -> None:
        moshe = await document.sign_up(db, "Moshe")
        assert isinstance(moshe, User)
        assert await document.sign_up(db, "Moshe") is None
        assert await document.usernames(db) == ["Moshe"]
        david = await document.sign_up(db, "David")
        async with db.begin() as conn:
            await conn.run_sync(moshe.add_balance, amount=Decimal(2))
        await document.pay(db, moshe, david)
        async with db.read() as conn:
            found = await conn.run_sync(users.by_ids, ids=[moshe.id, david.id])
        assert {user.username: user.balance for user in found} == {"Moshe": Decimal(1), "David": Decimal(1)}

    run(work)


def test_function_method_batch_and_list(run: Run) -> None:
    """Functions, factories, methods, batches and lists return over `run_sync` what they return over a connection."""

    async def work(db: AsyncDatabase) -> None:
        async with db.begin() as conn:
            user = await conn.run_sync(User.create, username="Moshe", email="moshe@example.com")
            assert await conn.run_sync(users.by_id, id=user.id) == user
            changed = await conn.run_sync(user.update_email, email="m@example.com")
            assert changed is not None
            assert changed.email == "m@example.com"
            assert user.created_at.utcoffset() is not None
            sets: Any = [{"sku": f"S{n}", "name": "Nut", "price": Decimal("0.10"), "stock": n} for n in range(1200)]
            made = await conn.run_sync(products.create_many, sets)
            assert [product.sku for product in made] == [one["sku"] for one in sets]
            assert await conn.run_sync(users.by_ids, ids=[]) == []
            assert await conn.run_sync(users.by_ids, ids=[user.id]) == [changed]

    run(work)


def test_errors_are_the_same(run: Run) -> None:
    """An error of the asynchronous driver has its class, the statement's name, the table and the constraint."""

    async def work(db: AsyncDatabase) -> None:
        async with db.begin() as conn:
            product = await conn.run_sync(Product.create, sku="A", name="Nut", price=Decimal("1"), stock=1)
        with pytest.raises(UniqueViolation, match=r"products\.create: ") as taken:
            async with db.begin() as conn:
                await conn.run_sync(Product.create, sku="A", name="Nut", price=Decimal("1"), stock=1)
        assert (taken.value.table, taken.value.columns) == ("products", ("sku",))
        async with db.begin() as conn:
            with pytest.raises(CheckViolation) as refused:
                async with conn.begin_nested():
                    await conn.run_sync(product.adjust_stock, quantity=-2)
            assert refused.value.constraint == "products_stock_check"
            # The savepoint has undone only the failed statement.
            assert await conn.run_sync(products.by_id, id=product.id) == product

    run(work)


def test_row_errors_pass_through(run: Run) -> None:
    """`run_sync` does not change an error of pydb."""

    async def work(db: AsyncDatabase) -> None:
        async with db.connect() as conn:
            with pytest.raises(NoRow):
                await conn.run_sync(Message.create_of_type, subject="a", body="b", type_name="Nowhere")

    run(work)


def test_twenty_tasks_lose_nothing(run: Run) -> None:
    """Tasks that read and then write one row on separate connections lose no update."""

    async def work(db: AsyncDatabase) -> None:
        async with db.begin() as conn:
            user = await conn.run_sync(User.create, username="Moshe", email="moshe@example.com")

        async def earn() -> None:
            async with db.begin() as conn:
                await conn.run_sync(user.add_balance, amount=Decimal("0.05"))

        await asyncio.gather(*(earn() for _ in range(20)))
        async with db.read() as conn:
            found = await conn.run_sync(users.by_id, id=user.id)
        assert found is not None
        assert found.balance == Decimal("1.00")

    run(work)


@pytest.mark.engines("postgresql", "mariadb")
def test_a_lost_connection_is_told(run: Run, engine_name: str) -> None:
    """A connection that the server has ended raises Disconnected, and the pool returns another one."""
    own, kill = {
        "postgresql": ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend({})"),
        "mariadb": ("SELECT connection_id()", "KILL {}"),
    }[engine_name]

    async def work(db: AsyncDatabase) -> None:
        async with db.connect() as conn, db.connect() as other:
            number = (await conn.execute(text(own))).scalar_one()
            await other.execute(text(kill.format(number)))
            with pytest.raises(Disconnected, match=r"users\.count_all: "):
                await conn.run_sync(users.count_all)
        async with db.connect() as conn:
            assert await conn.run_sync(users.count_all) == 0

    run(work)
