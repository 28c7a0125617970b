"""Read and write the table ``pydb_migrations``: a connection in; the applied migrations and their progress out.

A migration that runs in one transaction writes its row in it.  If statements are committed one by one, the migration
has a row from the start: ``done`` is the number of finished statements, ``checksum`` is the checksum of the finished
and the running statements, and ``applied_at`` is NULL until the last statement is finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, inspect, text

from pydb.migrations.files import Migration

__all__ = ["TABLE", "Applied", "Journal", "Progressed"]

TABLE = "pydb_migrations"

_AT_THE_END = "CASE WHEN :done = :statements THEN CURRENT_TIMESTAMP END"


@dataclass(frozen=True, slots=True)
class Applied:
    """A row of the table."""

    version: int
    name: str
    checksum: str
    statements: int
    done: int
    applied_at: Any

    @property
    def is_complete(self) -> bool:
        """Whether all statements of the migration are done."""
        return self.applied_at is not None


@dataclass(frozen=True, slots=True)
class Progressed:
    """The progress of a migration: the number of ``done`` statements, and the checksum of these and the running one."""

    done: int
    checksum: str

    @classmethod
    def of(cls, migration: Migration, done: int, under_way: int = 0) -> Progressed:
        """``done`` statements are done, and ``under_way`` more may be done."""
        return cls(done, migration.checksum(done + under_way))


class Journal:
    """The table in the database of a connection; ``name`` includes the schema if that is needed."""

    def __init__(self, conn: Connection, name: str = TABLE) -> None:
        self._conn = conn
        self._name = name

    def exists(self) -> bool:
        """Whether the table exists."""
        return inspect(self._conn).has_table(TABLE)

    def rows(self) -> dict[int, Applied]:
        """The rows by number; empty if the table does not exist."""
        if not self.exists():
            return {}
        query = f"SELECT version, name, checksum, statements, done, applied_at FROM {self._name} ORDER BY version"
        return {row.version: Applied(*row) for row in self._conn.execute(text(query))}

    def add(self, migration: Migration, done: int | None = None) -> None:
        """Write the first row of a migration; ``done`` statements, by default all, are done."""
        state = Progressed.of(migration, len(migration.statements) if done is None else done)
        insert = (
            f"INSERT INTO {self._name} (version, name, checksum, statements, done, applied_at)"
            f" VALUES (:version, :name, :checksum, :statements, :done, {_AT_THE_END})"
        )
        self._conn.execute(text(insert), _values(migration, state))

    def move(self, migration: Migration, before: Progressed, after: Progressed) -> bool:
        """Write the progress of a migration since ``before``; return False if another process has changed the row."""
        update = (
            f"UPDATE {self._name} SET checksum = :checksum, statements = :statements, done = :done,"
            f" applied_at = {_AT_THE_END}"
            " WHERE version = :version AND done = :done_before AND checksum = :checksum_before"
        )
        values = _values(migration, after)
        values |= {"done_before": before.done, "checksum_before": before.checksum}
        return self._conn.execute(text(update), values).rowcount == 1

    def remove(self, version: int) -> None:
        """Delete the row of a migration."""
        self._conn.execute(text(f"DELETE FROM {self._name} WHERE version = :version"), {"version": version})


def _values(migration: Migration, state: Progressed) -> dict[str, Any]:
    return {
        "version": migration.version,
        "name": migration.name,
        "checksum": state.checksum,
        "statements": len(migration.statements),
        "done": state.done,
    }
