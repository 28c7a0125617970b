"""The steps of a run, from a folder and a journal; integration tests have databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import MigrationError
from pydb.migrations.files import Migration, read_migrations
from pydb.migrations.journal import Applied
from pydb.migrations.plan import State, check_number, pending, steps
from tests.harness.migrations import write_migrations


@pytest.fixture
def migrations(tmp_path: Path) -> tuple[Migration, ...]:
    """Three migrations with two statements each."""
    files = {name: f"SELECT '{name}';\nSELECT 2;" for name in ("0001_a", "0002_b", "0003_c")}
    return read_migrations(str(write_migrations(tmp_path, files)), "sqlite")


def row(migration: Migration, *, name: str | None = None, done: int = 2, under_way: int = 0) -> Applied:
    """The row of a migration."""
    ended = "2026-01-01" if done == 2 else None
    checksum = migration.checksum(done + under_way)
    return Applied(migration.version, name or migration.name, checksum, 2, done, ended)


def test_states(migrations: tuple[Migration, ...]) -> None:
    """A migration is applied, partly applied, or pending."""
    one, two, three = migrations
    found = steps(migrations, {1: row(one), 2: row(two, done=1, under_way=1)})
    assert [step.state for step in found] == [State.APPLIED, State.PARTLY, State.PENDING]
    assert [step.migration for step in pending(migrations, {1: row(one)})] == [two, three]
    assert [step.migration for step in pending(migrations, {1: row(one)}, to=2)] == [two]


def test_renamed(migrations: tuple[Migration, ...]) -> None:
    """A file with another name is renamed if its text is the same, and otherwise another migration."""
    one, two, _ = migrations
    with pytest.raises(MigrationError, match=r"0001_z.sql was renamed after it was applied"):
        pending(migrations, {1: row(one, name="0001_z")})
    other = Applied(1, "0001_z", two.checksum(), 2, 2, "2026-01-01")
    with pytest.raises(MigrationError, match=r"0001_z.sql, which is applied, has the number 1"):
        pending(migrations, {1: other})


def test_missing(migrations: tuple[Migration, ...]) -> None:
    """A row without a file is an error."""
    (step,) = [step for step in steps(migrations, {9: Applied(9, "0009_z", "", 1, 1, "x")}) if step.version == 9]
    assert step.state is State.MISSING
    assert str(step.error).startswith(
        "0009_z.sql is applied, but the file is missing in the folder    hint: restore the file"
    )


def test_numbers(migrations: tuple[Migration, ...]) -> None:
    """A number that no migration has is refused, and the hint has the last one."""
    check_number(None, migrations)
    check_number(3, migrations)
    with pytest.raises(MigrationError, match="no migration has the number 4    hint: the last one is 0003_c"):
        check_number(4, migrations)
