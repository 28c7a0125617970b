"""Rows that every engine can store: here on two databases of SQLite with different schemas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pydb import Database
from pydb.prove.engine_under_test import EngineUnderTest
from pydb.prove.held_values import NO_LIMITS
from pydb.prove.same_rows import RowMaker, put
from pydb.prove.tables import Table, TableColumn

KINDS = Table(
    "kinds",
    (TableColumn("id", "int", False, NO_LIMITS), TableColumn("name", "str", False, NO_LIMITS, ("big",))),
    frozenset({"id"}),
)
ITEMS = Table(
    "items",
    (
        TableColumn("id", "int", False, NO_LIMITS),
        TableColumn("kind_id", "int", True, NO_LIMITS),
        TableColumn("n", "int", True, NO_LIMITS),
        TableColumn("twice", "int", True, NO_LIMITS, generated=True),
    ),
    frozenset({"id"}),
    ((("kind_id",), "kinds", ("id",)),),
)
SCHEMA = """
CREATE TABLE kinds (id integer PRIMARY KEY, name text NOT NULL CONSTRAINT kinds_name_check CHECK ({}));
INSERT INTO kinds VALUES (1, 'big');
CREATE TABLE items (id integer PRIMARY KEY, kind_id integer REFERENCES kinds, n integer, twice AS (2 * n));
"""


@pytest.fixture
def tested_engines(tmp_path: Path) -> Iterator[list[EngineUnderTest]]:
    with ExitStack() as stack:
        made = []
        for name, check in (("a", "name IN ('big', 'a', 'B', 'é')"), ("b", "length(name) = 1 OR name = 'big'")):
            database = stack.enter_context(Database(f"sqlite:///{tmp_path / name}.db"))
            (tmp_path / f"{name}.sql").write_text(SCHEMA.format(check))
            database.apply(tmp_path / f"{name}.sql")
            made.append(EngineUnderTest("sqlite", database, {}))
        for tested in made:
            stack.enter_context(tested.transaction())
        yield made


def test_constraints_are_respected(tested_engines: list[EngineUnderTest]) -> None:
    """Each engine has the same rows, which satisfy all of their constraints, and the rows of the schema script."""
    maker = RowMaker([KINDS, ITEMS], 5, "0")
    maker.fill(tested_engines)
    assert len(maker.made["kinds"]) >= 2
    assert {row["name"] for row in maker.made["kinds"]} <= {"big", "a", "B", "é"}
    assert tested_engines[0].rows(KINDS) == tested_engines[1].rows(KINDS)
    assert len(maker.made["items"]) == 5
    assert any(row["kind_id"] is None for row in maker.made["items"])
    assert {row["kind_id"] for row in maker.made["items"]} - {None}


def test_spare_rows_are_in_no_table(tested_engines: list[EngineUnderTest]) -> None:
    """The spare rows could be inserted, and are not in the tables."""
    maker = RowMaker([KINDS, ITEMS], 4, "0")
    maker.fill(tested_engines)
    assert len(maker.spare["items"]) == 2
    assert len(tested_engines[0].rows(ITEMS)) == 4
    assert put(tested_engines, [ITEMS], {"items": maker.spare["items"][:1]})


def test_the_same_seed_gives_the_same_rows(tested_engines: list[EngineUnderTest]) -> None:
    """Another seed gives other rows."""

    def made(seed: str) -> object:
        maker = RowMaker([KINDS, ITEMS], 4, seed)
        with tested_engines[0].undone(), tested_engines[1].undone():
            maker.fill(tested_engines)
        return maker.made

    assert made("1") == made("1") != made("2")


def test_what_cannot_be_put(tested_engines: list[EngineUnderTest]) -> None:
    """A row that one engine refuses is not inserted."""
    assert not put(tested_engines, [KINDS], {"kinds": [{"id": 7, "name": "bad"}]})
