"""The generated asynchronous functions: each statement of the sample has one, which returns the same records."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import subprocess
import sys
from decimal import Decimal
from types import ModuleType

import pytest

from pydb.errors import UniqueViolation
from pydb.sample import User, aio, queries
from pydb.testing.coverage import StatementCoverage
from tests.harness.async_databases import async_database
from tests.harness.documents import PROJECT


def modules() -> dict[str, tuple[ModuleType, ModuleType]]:
    """The synchronous and the asynchronous module of each file of statements."""
    names = sorted({statement.name.rpartition(".")[0] for statement in queries})
    homes = ("pydb.sample", "pydb.sample.aio")
    return {name: tuple(importlib.import_module(f"{home}.{name}") for home in homes) for name in names}  # type: ignore[misc]


@pytest.mark.parametrize("name", modules())
def test_they_take_what_the_synchronous_ones_take(name: str) -> None:
    """Each function has the parameters, the defaults and the documentation of the synchronous one."""
    direct, awaited = modules()[name]
    functions = [
        each for each in vars(direct).values() if inspect.isfunction(each) and each.__module__ == direct.__name__
    ]
    assert functions
    for function in functions:
        other = getattr(awaited, function.__name__)
        assert other.__doc__ == function.__doc__
        given = [list(inspect.signature(each).parameters.values())[1:] for each in (function, other)]
        assert given[0] == given[1]
        is_stream = queries[f"{name}.{function.__name__}"].rows == "stream"
        assert inspect.iscoroutinefunction(other) != is_stream


def test_they_count_as_tested(engine_name: str, sample_url: str) -> None:
    """For --pydb-coverage, a statement has run if its function was awaited, or its stream was read."""
    coverage = StatementCoverage(PROJECT)

    async def main() -> None:
        async with async_database(engine_name, sample_url) as db, db.begin() as conn:
            for name in ("Moshe", "Miriam"):
                await aio.users.create(conn, username=name, email=f"{name}@example.com")
            async for _ in aio.users.stream_all(conn):
                break

    try:
        asyncio.run(main())
    finally:
        coverage.close()
    missing = {each.statement for each in coverage.report([engine_name]).missing}
    assert {statement.name for statement in queries} - missing == {"users.create", "users.stream_all"}


def test_an_application(engine_name: str, sample_url: str) -> None:
    """A sign-up, a list, a stream, an optional column and a duplicate work with only the asynchronous functions."""

    async def main() -> None:
        async with async_database(engine_name, sample_url) as db, db.begin() as conn:
            moshe = await aio.users.create(conn, username="Moshe", email="moshe@example.com")
            assert isinstance(moshe, User)
            await aio.users.create(conn, username="Miriam", email="miriam@example.com")
            assert await aio.users.by_id(conn, id=moshe.id) == moshe
            assert [user.username for user in await aio.users.by_ids(conn, ids=[moshe.id])] == ["Moshe"]
            assert sorted([user.username async for user in aio.users.stream_all(conn)]) == ["Miriam", "Moshe"]
            patched = await aio.users.patch(conn, id=moshe.id, email="m@example.com")
            assert patched is not None
            assert patched.email == "m@example.com"
            assert (await conn.run_sync(patched.add_balance, amount=Decimal("0.05"))) is not None
            assert [len(each.posts) for each in await aio.users.all_with_posts(conn)] == [0, 0]
            with pytest.raises(UniqueViolation, match=r"users\.create: "):
                async with conn.begin_nested():
                    await aio.users.create(conn, username="Moshe", email="other@example.com")
            assert await aio.users.delete(conn, id=moshe.id) == 1
            assert await aio.users.count_all(conn) == 1

    asyncio.run(main())


def test_importing_needs_no_asynchronous_library() -> None:
    """pydb and the sample can be imported without greenlet; the asynchronous functions then say what to install."""
    program = (
        "import sys; sys.modules.update(dict.fromkeys(['greenlet', 'aiosqlite', 'asyncmy', 'psycopg']))\n"
        "import pydb, pydb.sample\n"
        "assert 'sqlalchemy.ext.asyncio' not in sys.modules\n"
        "import pydb.sample.aio"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1].startswith("ImportError: The SQLAlchemy asyncio module requires")
    assert "pip install sqlalchemy[asyncio]" in done.stderr
