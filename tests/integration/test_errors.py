"""Each error class, raised by real databases on every engine and on both paths."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any

import pytest
from sqlalchemy import TextClause, exc
from sqlalchemy.ext.asyncio import create_async_engine

import pydb
from pydb.errors import DatabaseError, ForeignKeyViolation, PydbError, UniqueViolation
from tests.harness.error_cases import (
    MARIADB_OVERLAY,
    PET,
    POSTGRESQL_OVERLAY,
    REFUSALS,
    STATEMENTS,
    TABLES,
    TRIGGERS,
    VIOLATIONS,
    fill,
)
from tests.harness.runtime import CreateTables, Load

pytestmark = pytest.mark.awaited


@pytest.fixture
def q(load: Load, create_tables: CreateTables, database: pydb.Database, engine_name: str) -> Any:
    """The statements, and the tables with rows that violations conflict with."""
    create_tables(TABLES + TRIGGERS[engine_name])
    queries = load(STATEMENTS, postgresql=POSTGRESQL_OVERLAY, mariadb=MARIADB_OVERLAY)
    with database.begin() as conn:
        fill(queries, conn)
    return queries


def failure(database: pydb.Database, statement: Any, parameters: dict[str, Any]) -> DatabaseError:
    """The error of the statement in a separate transaction."""
    with pytest.raises(DatabaseError) as caught, database.begin() as conn:
        statement(conn, **parameters)
    return caught.value


def core_failure(database: pydb.Database, text: TextClause, parameters: dict[str, Any]) -> exc.DBAPIError:
    """The error of the same call through Core."""
    with pytest.raises(exc.DBAPIError) as caught, database.engine.begin() as conn:
        conn.execute(text, parameters)
    return caught.value


def report(wrong: dict[str, str]) -> str:
    """One line for each case."""
    return "\n".join(f"{name}: {what}" for name, what in wrong.items())


@pytest.mark.parametrize("calls", [1, 2])
def test_violations(database: pydb.Database, q: Any, engine_name: str, calls: int) -> None:
    """The error for a violated constraint has its class, name, table and columns, on the first and later calls."""
    wrong = {}
    for case in VIOLATIONS:
        for _ in range(calls):
            error = failure(database, getattr(q, case.statement), case.parameters)
        told = (type(error), error.constraint, error.table, error.columns)
        wanted = (case.error, case.constraint_on(engine_name), case.table, case.columns)
        if told != wanted or not isinstance(error, exc.IntegrityError):
            wrong[case.name] = f"{told} is not {wanted}: {error}"
    assert not wrong, report(wrong)


def test_refusals(database: pydb.Database, q: Any, engine_name: str) -> None:
    """A statement that an engine refuses for another reason raises the class of Core's error."""
    wrong = {}
    for case in REFUSALS:
        statement, wanted = getattr(q, case.statement), case.error_on(engine_name)
        if wanted is None:
            with database.engine.begin() as conn:
                conn.execute(statement.text(engine_name), case.parameters)
                conn.rollback()
            continue
        error = failure(database, statement, case.parameters)
        core = core_failure(database, statement.text(engine_name), case.parameters)
        if type(error) is not wanted or not isinstance(error, type(core)):
            wrong[case.statement] = f"{type(error).__name__}: {error} ({core!r})"
    assert not wrong, report(wrong)


def test_error_attributes(database: pydb.Database, q: Any, engine_name: str) -> None:
    """An error has the driver's exception, the SQL with placeholders, and the place of the statement."""
    for name, parameters in (("own", {"id": 1, "name": "new"}), ("syntax", {"name": "x"})):
        statement = getattr(q, name)
        error = failure(database, statement, parameters)
        assert type(error.orig).__module__.startswith(("sqlite3", "psycopg", "pymysql", "asyncmy"))
        assert error.statement is not None
        assert error.statement.startswith(f"/* q.{name} */")
        assert error.params is None
        assert not error.connection_invalidated
        assert (error.statement_name, error.file, error.line) == (statement.name, statement.file, error.line)
        assert str(error).startswith(f"{statement.file}:{error.line}: q.{name}: ")


def test_pickling(database: pydb.Database, q: Any) -> None:
    """A pickled error keeps everything except the driver's exception."""
    error = failure(database, q.own, {"id": 1, "name": "new"})
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    kept = ("message", "constraint", "table", "columns", "statement", "statement_name", "file", "line", "hint")
    assert [getattr(copy, name) for name in kept] == [getattr(error, name) for name in kept]
    assert copy.orig is None


def test_one_handler_for_both(database: pydb.Database, q: Any) -> None:
    """A handler for SQLAlchemy's errors catches pydb's errors, and pydb's base class catches all of them."""
    for kind in (exc.IntegrityError, exc.DBAPIError, exc.SQLAlchemyError, PydbError, DatabaseError):
        with pytest.raises(kind), database.begin() as conn:
            q.own(conn, id=1, name="new")


def test_violation_in_a_batch(database: pydb.Database, q: Any, engine_name: str) -> None:
    """A batch that violates a constraint has the same error as a single call, and inserts nothing."""
    sets = [{**PET, "id": 10 + number, "owner_id": None, "tag": str(number)} for number in range(5)]
    wrong = [*sets, {**sets[0], "id": 99, "vet_id": 12345, "tag": "y"}]
    with pytest.raises(ForeignKeyViolation) as caught, database.begin() as conn:
        q.add_many(conn, wrong)
    assert (caught.value.constraint, caught.value.columns) == ("pets_vet_id_fkey", ("vet_id",))
    with pytest.raises(UniqueViolation) as caught_twice, database.begin() as conn:
        q.add_many(conn, [*sets, sets[0]])
    assert caught_twice.value.table == "pets"
    with database.begin() as conn:
        assert q.add_many(conn, sets) == 5


ASYNCHRONOUS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "mariadb": "mariadb+asyncmy"}


@pytest.mark.awaited(False)
def test_asynchronous_connections(database: pydb.Database, q: Any, engine_name: str) -> None:
    """Over an asynchronous connection, a violated constraint raises the same error."""

    async def violate() -> dict[str, Any]:
        url = database.engine.url.set(drivername=ASYNCHRONOUS[engine_name])
        engine = create_async_engine(url)
        told: dict[str, Any] = {}
        for case in VIOLATIONS:
            async with engine.connect() as conn:
                if engine_name == "sqlite":
                    await conn.exec_driver_sql("PRAGMA foreign_keys = ON")
                    await conn.commit()
                with pytest.raises(case.error) as caught:
                    await conn.run_sync(getattr(q, case.statement), **case.parameters)
            told[case.name] = (caught.value.constraint, caught.value.table, caught.value.columns)
        await engine.dispose()
        return told

    wanted = {case.name: (case.constraint_on(engine_name), case.table, case.columns) for case in VIOLATIONS}
    assert asyncio.run(violate()) == wanted
