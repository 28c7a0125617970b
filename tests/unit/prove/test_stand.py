"""A stand: rows put into its tables, answers of its functions, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from pydb import Database
from pydb.prove.held_values import NO_LIMITS
from pydb.prove.stand import Stand
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
def stand(tmp_path: Path) -> Iterator[Stand]:
    with Database(f"sqlite:///{tmp_path / 'a.db'}") as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE items (id integer PRIMARY KEY, name text CHECK (name <> 'bad'))")
        yield Stand("sqlite", database, {"rename": rename, "wrong": wrong, "fails": fails})


def test_rows_are_put_and_read(stand: Stand) -> None:
    """A row that the database takes is there; of another one it says what is wrong."""
    with stand.transaction():
        assert stand.insert(ITEMS, {"id": 1, "name": None}) is None
        assert "name" in str(stand.insert(ITEMS, {"id": 2, "name": "bad"}))
        assert stand.rows(ITEMS) == [(1, None)]
    with stand.transaction():
        assert stand.rows(ITEMS) == []


def call(stand: Stand, function: str, **arguments: Any) -> Any:
    with stand.transaction():
        stand.insert(ITEMS, {"id": 1, "name": "a"})
        answer = stand.call(function, ((), arguments), [ITEMS])
        assert stand.rows(ITEMS) == [(1, "a")]
    return answer


def test_a_call_is_undone(stand: Stand) -> None:
    """The answer has what came and what the call left in the tables, where it is no more."""
    answer = call(stand, "rename", name="b")
    assert (answer.rows, answer.tables) == ([(1,)], {"items": (("id", "name"), [(1, "b")])})


def test_what_is_not_promised(stand: Stand) -> None:
    """A value of another type is said, with its row."""
    answer = call(stand, "wrong")
    assert answer.broken == "an item of the result is said to be int and is str"
    assert answer.text == "row 'x'"


def test_a_failed_call(stand: Stand) -> None:
    """An error is an answer too: its class, its words, and whether the data is the reason."""
    answer = call(stand, "fails")
    assert answer.error is not None
    assert answer.text == "no such column: nosuch"
    assert not answer.of_the_data
