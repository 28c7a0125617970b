"""The engine under test: rows are inserted, functions are called, and everything is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from pydb import Database
from pydb.prove.engine_under_test import EngineUnderTest
from pydb.prove.held_values import NO_LIMITS
from pydb.prove.tables import Table, TableColumn

ITEMS = Table(
    "items",
    (TableColumn("id", "int", False, NO_LIMITS), TableColumn("name", "str", True, NO_LIMITS)),
    frozenset({"id"}),
)


def rename(conn: Connection, /, *, name: str) -> int:
    return conn.execute(text("UPDATE items SET name = :name"), {"name": name}).rowcount


def wrong(conn: Connection, /) -> list[int]:
    return [1, "x"]  # type: ignore[list-item]


def fails(conn: Connection, /) -> int:
    return conn.execute(text("SELECT nosuch FROM items")).scalar_one()  # type: ignore[no-any-return]


@pytest.fixture
def tested(tmp_path: Path) -> Iterator[EngineUnderTest]:
    with Database(f"sqlite:///{tmp_path / 'a.db'}") as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE items (id integer PRIMARY KEY, name text CHECK (name <> 'bad'))")
        yield EngineUnderTest("sqlite", database, {"rename": rename, "wrong": wrong, "fails": fails})


def test_rows_are_put_and_read(tested: EngineUnderTest) -> None:
    """A row that the database accepts is inserted; for another one, the error is returned."""
    with tested.transaction():
        assert tested.insert(ITEMS, {"id": 1, "name": None}) is None
        assert "name" in str(tested.insert(ITEMS, {"id": 2, "name": "bad"}))
        assert tested.rows(ITEMS) == [(1, None)]
    with tested.transaction():
        assert tested.rows(ITEMS) == []


def call(tested: EngineUnderTest, function: str, **arguments: Any) -> Any:
    with tested.transaction():
        tested.insert(ITEMS, {"id": 1, "name": "a"})
        answer = tested.call(function, ((), arguments), [ITEMS])
        assert tested.rows(ITEMS) == [(1, "a")]
    return answer


def test_a_call_is_undone(tested: EngineUnderTest) -> None:
    """The answer has the result and the rows that the call left in the tables, which are rolled back."""
    answer = call(tested, "rename", name="b")
    assert (answer.rows, answer.tables) == ([(1,)], {"items": (("id", "name"), [(1, "b")])})


def test_what_is_not_promised(tested: EngineUnderTest) -> None:
    """A value of another type is reported with its row."""
    answer = call(tested, "wrong")
    assert answer.broken == "an item of the result is annotated as int but is str"
    assert answer.text == "row 'x'"


def test_a_failed_call(tested: EngineUnderTest) -> None:
    """An error is an answer too, with its class, its text, and whether the data caused it."""
    answer = call(tested, "fails")
    assert answer.error is not None
    assert answer.text == "no such column: nosuch"
    assert not answer.of_the_data
