"""Insert adverse rows: the tables of an empty database in; the names of the tables that stay empty out.

If the engine refuses a row because of a constraint, the INSERT is tried again with other literals.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from sqlalchemy import Connection, exc

from pydb.prove.adverse import AdverseColumn, AdverseTable

__all__ = ["STAGES", "Filler"]

STAGES = ("plain", "extreme", "beyond")
"""The stages: everyday values, then the limits of the types, then values that Python does not have."""

_ROWS = 6
_TRIES = 150

_GIVEN = 0.6
"""The proportion of rows in which a column with a default gets a value."""

_NULL = "NULL"


@dataclass(slots=True)
class Filler:
    """Fills the tables of one database in stages; ``empty`` has the names of the tables without a row.

    The same schema always gets the same rows.
    """

    tables: Sequence[AdverseTable]
    empty: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    _serial: int = 0
    _taken: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def fill(self, conn: Connection, stage: str) -> None:
        """Insert the rows of a stage, parents before children."""
        for table in _in_order(self.tables):
            chance = random.Random(f"{stage} {table.name}")
            if stage == STAGES[0]:
                self._fill_plain(conn, table, chance)
            elif self.counts[table.name]:
                self._fill_one_by_one(conn, table, stage, chance)

    def _fill_plain(self, conn: Connection, table: AdverseTable, chance: random.Random) -> None:
        # One row without NULL, one with NULL wherever it is allowed, the others by chance.
        shares = [0.0, 1.0, *[0.25] * (_ROWS - 2)]
        self.counts[table.name] = 0
        for share in shares:
            for _ in range(_TRIES):
                if self._insert(conn, table, self._row(table, chance, share)):
                    self.counts[table.name] += 1
                    break
        if not self.counts[table.name]:
            self.empty.append(table.name)

    def _fill_one_by_one(self, conn: Connection, table: AdverseTable, stage: str, chance: random.Random) -> None:
        """Insert a row for each unusual literal of each column, except for rows that a constraint refuses."""
        for column in table.columns:
            for literal in getattr(column.literals, stage) if column.literals else ():
                for _ in range(3):
                    row = self._row(table, chance, 0.1)
                    if self._insert(conn, table, {**row, column.name: literal}):
                        self.counts[table.name] += 1
                        break

    def _row(self, table: AdverseTable, chance: random.Random, share: float) -> dict[str, str]:
        self._serial += 1
        keys = {name for here, _, _ in table.references for name in here}
        row = {
            column.name: self._literal(column, table, chance, share)
            for column in table.columns
            if column.name in keys or not column.optional or chance.random() < _GIVEN
        }
        for here, there, columns in table.references:
            nullable = [column.name for column in table.columns if column.name in here and column.nullable]
            if nullable and (not self.counts.get(there) or chance.random() < max(share, 0.1)):
                row |= dict.fromkeys(nullable, _NULL)
                continue
            # The last parents have no children.
            parents = max(self.counts.get(there, 0) - 2, 1)
            place = chance.randrange(parents)
            row |= {
                name: f"(SELECT p.k FROM (SELECT {column} AS k FROM {there} ORDER BY {', '.join(columns)} "
                f"LIMIT 1 OFFSET {place}) AS p)"
                for name, column in zip(here, columns, strict=True)
            }
        return row

    def _literal(self, column: AdverseColumn, table: AdverseTable, chance: random.Random, share: float) -> str:
        literals = column.literals
        if literals is None or (column.nullable and chance.random() < share):
            return _NULL
        known = self._taken.get(table.name, {}).get(column.name)
        if known is not None and chance.random() < 0.4:
            return known
        words = table.words if any(item.startswith("'") for item in literals.series) else ()
        series = (item.format(self._serial) for item in literals.series)
        return chance.choice([*literals.plain, *series, *words])

    def _insert(self, conn: Connection, table: AdverseTable, row: Mapping[str, str]) -> bool:
        names, values = ", ".join(row), ", ".join(row.values())
        sql = (
            f"INSERT INTO {table.name} ({names}) VALUES ({values})"
            if row
            else f"INSERT INTO {table.name} DEFAULT VALUES"
        )
        savepoint = conn.begin_nested()
        try:
            conn.exec_driver_sql(sql, execution_options={"no_parameters": True})
        except exc.DBAPIError:
            savepoint.rollback()
            return False
        savepoint.commit()
        self._taken[table.name] = row
        return True


def _in_order(tables: Sequence[AdverseTable]) -> Iterable[AdverseTable]:
    """The tables, parents first; tables that refer to each other in a circle keep the given order."""
    by_name = {table.name: table for table in tables}
    needs = {
        table.name: {there for _, there, _ in table.references if there in by_name and there != table.name}
        for table in tables
    }
    while True:
        try:
            return [by_name[name] for name in TopologicalSorter(needs).static_order()]
        except CycleError as error:
            # The circle is cut here: this key stays NULL, or its table stays empty.
            circle: list[str] = error.args[1]
            needs[circle[1]].discard(circle[0])
