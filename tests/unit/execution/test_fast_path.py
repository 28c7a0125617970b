"""The generated call: its complete text for one statement, and the statements without one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import create_engine

import pydb.execution
from pydb.execution.core_internals import probe_for
from pydb.execution.fast_path import fast_call, source_of
from pydb.sample import User, queries
from pydb.values.kinds import Kind
from tests.harness.async_databases import async_database
from tests.harness.plans import definition_from, plan_of

GOLDEN = Path(pydb.execution.__file__).parent


def test_the_text_of_users_by_id(engine_name: str, db: pydb.Database) -> None:
    """The files beside the test have the texts that are generated for the sample's ``users.by_id``."""
    plan = plan_of(queries.users.by_id.definition, User, db.engine.dialect, {"id": Kind(int)})
    with db.begin() as conn:
        plan.send(conn, {"id": 1}, plan.read_all)
    assert plan.driver_sql is not None
    golden = GOLDEN / f"users_by_id.{engine_name}.txt"
    assert source_of(plan, plan.driver_sql) + "\n" == golden.read_text(encoding="utf-8")


def test_the_asynchronous_text_of_users_by_id(engine_name: str, sample_url: str) -> None:
    """Over an AsyncConnection the text is the same, except that it awaits the driver's connection."""

    async def text() -> str:
        async with async_database(engine_name, sample_url) as db:
            plan = plan_of(queries.users.by_id.definition, User, db.engine.dialect, {"id": Kind(int)})
            async with db.begin() as conn:
                await conn.run_sync(lambda sync: plan.send(sync, {"id": 1}, plan.read_all))
        assert plan.driver_sql is not None
        return source_of(plan, plan.driver_sql, awaits=True)

    golden = GOLDEN / f"users_by_id.{engine_name}.async.txt"
    assert asyncio.run(text()) + "\n" == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("sql", "generated"),
    [
        ("-- name: a :exec\nDELETE FROM t WHERE id = :id;\n", True),
        ("-- name: a :affected\nDELETE FROM t WHERE id IN (:ids);\n", True),
        ("-- name: a :many\nSELECT 1;\n", False),  # no row was seen yet, and Core rows are Core's
        ("-- name: a :stream scalar\nSELECT 1;\n", False),
        ("-- name: a :batch\nDELETE FROM t WHERE id = :id;\n", False),
    ],
)
def test_what_gets_a_generated_call(sql: str, generated: bool) -> None:
    """A statement has a generated call if its columns are known or it has none; a stream and a batch never have one."""
    engine = create_engine("sqlite://")
    made = fast_call(plan_of(definition_from(sql)), probe_for(engine), lambda *_, **__: None)
    assert (made is not None) == generated


def test_many_parameters_take_the_general_call() -> None:
    """With more than a thousand parameters there is none, because Python would take long to compile it."""
    names = [f":p{number}" for number in range(1_001)]
    engine = create_engine("sqlite://")
    for count, generated in ((1_000, True), (1_001, False)):
        sql = f"-- name: a :exec\nDELETE FROM t WHERE id = coalesce({', '.join(names[:count])});\n"
        made = fast_call(plan_of(definition_from(sql)), probe_for(engine), lambda *_, **__: None)
        assert (made is not None) == generated
