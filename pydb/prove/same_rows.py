"""Insert the same rows on several engines: tables and engines in; rows that every engine has stored out.

A row is inserted on every engine and read back.  If one engine refuses the row, or returns another value, other values
are tried.  So the rows satisfy every constraint.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

from pydb.errors import PydbError
from pydb.prove.answers import Rows, equal
from pydb.prove.engine_under_test import EngineUnderTest, Row
from pydb.prove.held_values import is_held, series, twins_of, values_of
from pydb.prove.tables import Table, TableColumn

__all__ = ["RowMaker", "TableRows", "put"]

TableRows = Mapping[str, Sequence[Row]]
"""Rows by the name of their table; a row has a value for each written column."""

_SPARE = 2

_TRIES, _FEWER = 100, 20
"""The number of attempts with other values, for the first row of a table and for each later row."""


@dataclass(slots=True)
class RowMaker:
    """Makes the rows of one round, which are the same for the same ``seed``, schema and ``words``.

    ``words`` are string literals of the statements, so that conditions find rows.  ``decks`` are the values of each
    column that are not used yet; all rounds share them.
    ``made`` are the rows that every engine has stored, without those that the schema script inserts.
    ``spare`` are rows that every engine could store, but that are not in the tables: a call may insert them.
    """

    tables: Sequence[Table]
    count: int
    seed: str
    words: Sequence[str] = ()
    decks: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    made: dict[str, list[Row]] = field(default_factory=dict)
    spare: dict[str, list[Row]] = field(default_factory=dict)
    _there: dict[str, list[Row]] = field(default_factory=dict)
    _serial: int = 0

    def fill(self, tested_engines: Sequence[EngineUnderTest]) -> None:
        """Insert rows into every table, parents first, and make two more for each that are not inserted."""
        for table in self.tables:
            chance = random.Random(f"{self.seed} {table.name}")
            self.made[table.name] = []
            names = [column.name for column in table.columns]
            self._there[table.name] = [dict(zip(names, row, strict=True)) for row in tested_engines[0].rows(table)]
            for place in range(self.count):
                self.made[table.name] += self._held_rows(table, place, chance, tested_engines)
        for table in self.tables:
            chance = random.Random(f"{self.seed} {table.name} spare")
            self.spare[table.name] = []
            for _ in range(_SPARE if self.count else 0):
                with ExitStack() as stack:
                    for tested in tested_engines:
                        stack.enter_context(tested.undone())
                    self.spare[table.name] += self._held_rows(table, 0, chance, tested_engines)

    def _held_rows(
        self, table: Table, place: int, chance: random.Random, tested_engines: Sequence[EngineUnderTest]
    ) -> list[Row]:
        """Insert one more row; return an empty list if the engines refuse it."""
        # First a row without NULL, then one with NULL wherever it is allowed, the others by chance.
        share = {0: 0.0, 1: 1.0}.get(place, 0.25)
        row: Row | None = None
        guilty: set[str] = set()
        for attempt in range(_FEWER if self.made[table.name] else _TRIES if place < 2 else 0):
            fresh = self._row(table, chance, share if attempt < _TRIES // 4 else 0.1, guilty)
            if fresh is None:
                return []
            # Keep the values to which no engine objects.
            row = {**row, **{name: fresh[name] for name in guilty}} if row is not None and guilty else fresh
            objection = _insert_everywhere(
                tested_engines, table, row, len(self._there[table.name]) + len(self.made[table.name])
            )
            if objection is None:
                return [row]
            guilty = _named(objection, table)
        return []

    def _row(self, table: Table, chance: random.Random, share: float, guilty: Collection[str]) -> Row | None:
        self._serial += 1
        row = {
            column.name: self._value(column, table, chance, share, listed=0.8 if column.name in guilty else 0.2)
            for column in table.written
        }
        self._make_twins(row, table, chance)
        for here, there, columns in table.references:
            parents = [*self.made.get(there, ()), *self._there.get(there, ())]
            free = [column.name for column in table.written if column.name in here and column.nullable]
            if free and (not parents or chance.random() < max(share, 0.15)):
                row |= dict.fromkeys(free)
            elif parents:
                # The last parents stay without children.
                childless = 0 if table.name in self.spare else 2
                parent = parents[chance.randrange(max(len(parents) - childless, 1))]
                with suppress(KeyError):
                    row |= {name: parent[column] for name, column in zip(here, columns, strict=True) if name in row}
            else:
                return None
        return row

    def _make_twins(self, row: dict[str, Any], table: Table, chance: random.Random) -> None:
        """Sometimes give two columns of a row texts that are equal in some collation."""
        texts = [column for column in table.written if isinstance(row[column.name], str) and not column.only]
        if len(texts) > 1 and chance.random() < 0.15:
            one, other = chance.sample(texts, 2)
            twin = chance.choice(twins_of(row[one.name]))
            row[other.name] = twin if is_held(twin, other.limits) else row[other.name]

    def _value(self, column: TableColumn, table: Table, chance: random.Random, share: float, listed: float) -> Any:
        if column.word is None or (column.nullable and chance.random() < share):
            return None
        if table.key == {column.name} and column.word == "int":
            return len(self._there[table.name]) + len(self.made[table.name]) + 1 + len(self.spare.get(table.name, ()))
        if column.word == "str" and (column.only or (column.choices and chance.random() < listed)):
            return chance.choice(column.choices)
        own = series(column.word, self._serial)
        if column.word == "str" and column.limits.fixed and column.limits.length:
            own = [f"{self._serial:0{column.limits.length}d}"]  # only a text of the full length is returned unchanged
        if own and (column.limits.fixed or chance.random() < (0.3 if column.name in table.key else 0.1)):
            return chance.choice(own)
        if column.word == "str" and (texts := self._texts(table, column)) and chance.random() < 0.35:
            return chance.choice(
                [twin for twin in twins_of(chance.choice(texts)) if is_held(twin, column.limits)] or [""]
            )
        return self._next(column, table, chance)

    def _texts(self, table: Table, column: TableColumn) -> list[str]:
        """Texts of other rows, mostly of the same column, and string literals of the statements."""
        same = [row[column.name] for row in self.made[table.name]]
        others = [value for rows in self.made.values() for row in rows[:2] for value in row.values()]
        return [value for value in (*(3 * same), *others, *self.words) if isinstance(value, str)]

    def _next(self, column: TableColumn, table: Table, chance: random.Random) -> Any:
        """The next value of a column: every value is used, over all rounds, before one is used again."""
        deck = self.decks.setdefault((table.name, column.name), [])
        if not deck:
            deck += values_of(column.word or "", column.limits)
            chance.shuffle(deck)
        return deck.pop() if deck else None


def _insert_everywhere(tested_engines: Sequence[EngineUnderTest], table: Table, row: Row, before: int) -> str | None:
    """Insert the row on every engine, or on none.  Return None, or the reason why an engine refused it."""
    savepoints = [tested.conn.begin_nested() for tested in tested_engines]
    objections = (_put_and_seen(tested, table, row, before) for tested in tested_engines)
    objection = next((found for found in objections if found is not None), None)
    for savepoint in savepoints:
        if objection is None:
            savepoint.commit()
        else:
            savepoint.rollback()
    return objection


def _put_and_seen(tested: EngineUnderTest, table: Table, row: Row, before: int) -> str | None:
    objection = tested.insert(table, row)
    if objection is not None:
        return objection
    try:
        rows = tested.rows(table)
    except PydbError as error:
        return error.message
    return _changed(table, row, rows) if len(rows) == before + 1 else "another number of rows"


def _changed(table: Table, row: Row, rows: Rows) -> str | None:
    """The columns in which an engine stored another value than it was given, or None."""
    columns = [(place, column.name) for place, column in enumerate(table.columns) if not column.generated]
    best = min(([name for place, name in columns if not equal(one[place], row[name])] for one in rows), key=len)
    return " ".join(best) or None


def _named(objection: str, table: Table) -> set[str]:
    """The columns that an engine's message names."""
    words = objection.lower()
    return {column.name for column in table.written if column.name.lower() in words}


def put(tested_engines: Sequence[EngineUnderTest], tables: Sequence[Table], rows: TableRows) -> bool:
    """Insert known rows into empty tables; False if an engine refuses one."""
    return all(
        tested.insert(table, row) is None
        for table in tables
        for row in rows.get(table.name, ())
        for tested in tested_engines
    )
