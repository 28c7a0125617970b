"""An AsyncDatabase with rollbacks; test_async_rollback.py of tests/integration runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import NotIsolated
from pydb.testing.async_rollback import AsyncRollbackDatabase, asynchronous
from tests.harness.loops import run_in_loop


def test_the_driver_is_asynchronous() -> None:
    """The URL of a test database for the synchronous driver becomes one for the asynchronous driver."""
    url = asynchronous("mariadb+pymysql://me:secret@localhost/app")
    assert url.render_as_string(hide_password=False) == "mariadb://me:secret@localhost/app"
    assert AsyncRollbackDatabase(url).engine.url.drivername == "mariadb+asyncmy"


def test_closing_keeps_it(tmp_path: Path) -> None:
    """An application that closes the database at its end does not end the test's transaction."""

    async def main() -> None:
        for _ in range(2):
            async with database, database.begin() as conn:
                await conn.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (a integer)")

    database = AsyncRollbackDatabase(asynchronous(f"sqlite:///{tmp_path / 'a.db'}"))
    run_in_loop(main())
    database.end()


def test_another_level(tmp_path: Path) -> None:
    """Another isolation level than that of the one transaction is refused."""

    async def main() -> None:
        with pytest.raises(NotIsolated, match="isolation="):
            async with database.begin("READ COMMITTED"):
                pass

    database = AsyncRollbackDatabase(asynchronous(f"sqlite:///{tmp_path / 'a.db'}"))
    run_in_loop(main())
    database.end()
