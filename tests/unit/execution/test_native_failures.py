"""Core's handling of an exception of the driver that was raised while its connection was awaited."""

from __future__ import annotations

import asyncio
import sqlite3

from sqlalchemy.ext.asyncio import create_async_engine

from pydb.errors import ConstraintViolation
from pydb.execution.native_failures import native_failure
from tests.harness.plans import definition_from, plan_of

PLAN = plan_of(definition_from("-- name: a :exec\nDELETE FROM t WHERE id = :id;\n"))


def failure(raised: BaseException) -> tuple[BaseException, bool]:
    """The resulting error, and whether the connection was discarded."""

    async def main() -> tuple[BaseException, bool]:
        engine = create_async_engine("sqlite+aiosqlite://")
        async with engine.connect() as conn:
            found = await native_failure(PLAN, conn, raised, "DELETE …", None, ())
            invalidated = conn.invalidated
        await engine.dispose()
        return found, invalidated

    return asyncio.run(main())


def test_an_error_of_the_driver() -> None:
    """An error of the driver becomes one of pydb that names the statement, and the connection is kept."""
    found, invalidated = failure(sqlite3.IntegrityError("UNIQUE constraint failed: t.id"))
    assert isinstance(found, ConstraintViolation)
    assert (found.statement_name, invalidated) == ("t.a", False)


def test_a_cancellation() -> None:
    """A cancellation is unchanged, and the connection is discarded, because an answer may be incomplete."""
    raised = asyncio.CancelledError()
    assert failure(raised) == (raised, True)


def test_an_error_of_the_application() -> None:
    """An error that does not come from the database is unchanged."""
    raised = ZeroDivisionError()
    assert failure(raised) == (raised, False)
