"""Plan a run: the files of a folder and the rows of a journal in; a state for each migration, or an error, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from pydb.errors import MigrationError
from pydb.migrations.files import Migration
from pydb.migrations.journal import Applied

__all__ = ["State", "Step", "check_number", "pending", "steps"]


class State(Enum):
    """The state of a migration in a database; ``status`` prints the value."""

    APPLIED = "applied"
    PENDING = "pending"
    PARTLY = "partly applied"
    EDITED = "edited"
    RENAMED = "renamed"
    LATE = "out of order"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Step:
    """A migration of the folder, of the journal, or of both.

    ``error`` says why nothing can be applied in this state.
    """

    state: State
    migration: Migration | None
    row: Applied | None
    error: MigrationError | None = None

    @property
    def version(self) -> int:
        """The number of the migration."""
        known = self.migration or self.row
        assert known is not None
        return known.version

    @property
    def name(self) -> str:
        """The name of the migration, with its number."""
        known = self.migration or self.row
        assert known is not None
        return known.name


def steps(migrations: Sequence[Migration], rows: Mapping[int, Applied]) -> list[Step]:
    """The migrations of the folder and the journal, by number, each with its state."""
    found = [_step(migration, rows) for migration in migrations]
    known = {migration.version for migration in migrations}
    found += [_missing(row, migrations) for version, row in rows.items() if version not in known]
    return sorted(found, key=lambda step: step.version)


def pending(migrations: Sequence[Migration], rows: Mapping[int, Applied], to: int | None = None) -> list[Step]:
    """The steps to apply, up to the number ``to``.

    Raises MigrationError if the journal and the folder do not agree.
    """
    check_number(to, migrations)
    found = steps(migrations, rows)
    for step in found:
        if step.error is not None:
            raise step.error
    return [
        step for step in found if step.state in (State.PENDING, State.PARTLY) and (to is None or step.version <= to)
    ]


def check_number(number: int | None, migrations: Sequence[Migration]) -> None:
    """Raise MigrationError for a number that no migration has."""
    if number is not None and number not in {migration.version for migration in migrations}:
        last = f"the last one is {migrations[-1].name}" if migrations else "there are none"
        raise MigrationError(f"no migration has the number {number}", hint=last)


def _step(migration: Migration, rows: Mapping[int, Applied]) -> Step:
    row = rows.get(migration.version)
    if row is None:
        later = next((other for version, other in sorted(rows.items()) if version > migration.version), None)
        if later is None:
            return Step(State.PENDING, migration, None)
        return Step(State.LATE, migration, None, _late(migration, later, rows))
    if row.name != migration.name:
        return Step(State.RENAMED, migration, row, _renamed(migration, row))
    if not row.is_complete:
        error = _edited_part(migration, row)
        return Step(State.PARTLY if error is None else State.EDITED, migration, row, error)
    if row.checksum != migration.checksum():
        return Step(State.EDITED, migration, row, _edited(migration))
    return Step(State.APPLIED, migration, row)


def _edited(migration: Migration) -> MigrationError:
    return MigrationError(
        "the file was changed after it was applied",
        file=migration.file,
        hint="undo the change, and write another migration: a database has already run the old text",
    )


def _edited_part(migration: Migration, row: Applied) -> MigrationError | None:
    if row.checksum in (migration.checksum(row.done), migration.checksum(row.done + 1)):
        return None
    return MigrationError(
        f"the file was changed in its first {row.done or 1} statements, which are applied",
        file=migration.file,
        hint="undo that change; only later statements may be changed",
    )


def _renamed(migration: Migration, row: Applied) -> MigrationError:
    if row.checksum == migration.checksum():
        return MigrationError(f"{row.name}.sql was renamed after it was applied", file=migration.file,
                              hint=f"name it {row.name}.sql again")  # fmt: skip
    return MigrationError(
        f"{row.name}.sql, which is applied, has the number {migration.version}",
        file=migration.file,
        hint="give this file the next free number",
    )


def _late(migration: Migration, later: Applied, rows: Mapping[int, Applied]) -> MigrationError:
    twin = next((row for row in rows.values() if row.checksum == migration.checksum()), None)
    if twin is not None:
        return _renumbered(migration, twin)
    return MigrationError(
        f"{migration.name}.sql comes before {_number(later)}, which is applied",
        file=migration.file,
        hint="give it the next free number",
    )


def _missing(row: Applied, migrations: Sequence[Migration]) -> Step:
    twin = next((migration for migration in migrations if _same(migration, row)), None)
    if twin is not None:
        return Step(State.MISSING, None, row, _renumbered(twin, row))
    error = MigrationError(
        f"{row.name}.sql is applied, but the file is missing in the folder",
        hint="restore the file: it was deleted, or is on a branch that was not merged",
    )
    return Step(State.MISSING, None, row, error)


def _same(migration: Migration, row: Applied) -> bool:
    return len(migration.statements) == row.statements and migration.checksum() == row.checksum


def _renumbered(migration: Migration, row: Applied) -> MigrationError:
    return MigrationError(
        f"{row.name}.sql was renumbered after it was applied",
        file=migration.file,
        hint=f"name it {row.name}.sql again",
    )


def _number(row: Applied) -> str:
    return row.name.partition("_")[0]
