"""``AsyncDatabase``: its URLs, and the arguments that it refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from pydb import AsyncDatabase
from pydb.errors import OptionError, ParameterError, PydbError
from tests.harness.loops import run_in_loop


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite://", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///app.db", "sqlite+aiosqlite"),
        ("postgresql://me@localhost/app", "postgresql+psycopg"),
        ("postgresql+psycopg://me@localhost/app", "postgresql+psycopg"),
        ("mariadb://me@localhost/app", "mariadb+asyncmy"),
        ("mysql://me@localhost/app", "mysql+asyncmy"),
        ("mariadb+asyncmy://me@localhost/app", "mariadb+asyncmy"),
    ],
)
def test_urls(url: str, driver: str) -> None:
    """A URL without a driver uses the engine's asynchronous driver."""
    database = AsyncDatabase(url)
    assert database.engine.url.drivername == driver
    assert database.engine.dialect.is_async
    assert repr(database).startswith(f"AsyncDatabase('{driver}:")


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("mariadb+pymysql://me@localhost/app", "mariadb+asyncmy://"),
        ("sqlite+pysqlite:///app.db", "sqlite+aiosqlite://"),
        ("postgresql+asyncpg://me@localhost/app", "postgresql+psycopg://"),
    ],
)
def test_other_drivers(url: str, hint: str) -> None:
    """Another driver is refused by name, with the right one."""
    with pytest.raises(OptionError, match="AsyncDatabase does not use the driver of") as refused:
        AsyncDatabase(url)
    assert hint in (refused.value.hint or "")


def test_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a URL, $DATABASE_URL is used."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:///app.db")
    assert AsyncDatabase().engine.url.database == "app.db"


def test_another_loop(tmp_path: Path) -> None:
    """The connections belong to one event loop; after ``close()``, another loop may use the database."""
    database = AsyncDatabase(f"sqlite:///{tmp_path}/app.db")

    async def use(*, close: bool) -> None:
        async with database.read() as conn:
            await conn.exec_driver_sql("SELECT 1")
        if close:
            await database.close()

    run_in_loop(use(close=True))
    run_in_loop(use(close=True))

    async def elsewhere() -> None:
        async with database.read():
            other = asyncio.new_event_loop()
            try:
                with pytest.raises(PydbError, match="another event loop"):
                    await asyncio.to_thread(other.run_until_complete, use(close=False))
            finally:
                other.close()
        await database.close()

    run_in_loop(elsewhere())


def test_work_is_asynchronous() -> None:
    """``run()`` refuses a function that is not asynchronous."""

    def work(_conn: AsyncConnection) -> int:
        return 1

    async def main() -> None:
        async with AsyncDatabase("sqlite://") as database:
            with pytest.raises(ParameterError, match="work is not asynchronous"):
                await database.run(work)  # type: ignore[arg-type]

    run_in_loop(main())
