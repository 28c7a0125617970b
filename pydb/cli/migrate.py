"""``pydb migrate``: a folder of migrations in; a database that has them, or what it lacks, out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.status import Status

from pydb.cli.connect import database_at
from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import db_option
from pydb.cli.output import write_table
from pydb.cli.printing import say
from pydb.database import Database
from pydb.migrations.files import Migration, read_migrations
from pydb.migrations.plan import State, steps
from pydb.migrations.progress import Progress
from pydb.migrations.runner import applied_rows, migrate, migrate_down, planned
from pydb.project import Project, find_project, url_of
from pydb.support.escapes import escaped

__all__ = ["migrate_group"]

BEHIND = 1
"""The exit code of ``status`` when the database has not all of the migrations, or others."""

folder_option = click.option("--migrations", "folder", metavar="FOLDER", help="The folder of the migrations.")


class _Place:
    """What to migrate: the project's or the options' folder and database.

    An option may stand before or after the name of the subcommand.
    """

    def __init__(self, context: click.Context) -> None:
        given: dict[str, Any] = {}
        for one in (context.parent, context):
            given |= {name: value for name, value in (one.params if one is not None else {}).items() if value}
        self.project: Project = find_project(Path.cwd())
        self.folder = self.project.migrations_path(given.get("folder"))
        self.url = url_of(given.get("db"), self.project)


@click.group("migrate", invoke_without_command=True)
@click.option("--to", type=int, metavar="N", help="Stop after the migration with this number.")
@click.option("--dry-run", is_flag=True, help="Print what would run, and run nothing.")
@folder_option
@db_option
@pass_done_so_far
@click.pass_context
def migrate_group(
    context: click.Context, done_so_far: DoneSoFar, to: int | None, dry_run: bool, folder: str | None, db: str | None
) -> None:
    """Apply the migrations that the database has not, file by file.

    One process at a time does it: another one waits, and then finds nothing to do.  docs/migrations.md shows how the
    files are written.
    """
    if context.invoked_subcommand is not None:
        if to is not None or dry_run:
            raise click.UsageError(f"--to and --dry-run stand after {context.invoked_subcommand}, if it has them")
        return
    place = _Place(context)
    with database_at(place.url) as database:
        if dry_run:
            _print_plan(database, place.folder, to)
            return
        with _shown(done_so_far, "applied") as progress:
            names = migrate(database, place.folder, to=to, progress=progress)
        done = f"applied {_count(len(names))} to {_database(database)}" if names else "nothing to apply"
        done_so_far.set(done)
        say(done, err=True)


@migrate_group.command("status")
@folder_option
@db_option
@click.pass_context
def status_command(context: click.Context, folder: str | None, db: str | None) -> None:
    """List the migrations: applied, pending, edited, missing.  Exit code 1 when not all are applied."""
    place = _Place(context)
    with database_at(place.url) as database:
        rows = applied_rows(database)
        found = steps(read_migrations(place.folder, database.rules.name), rows)
    table = [(step.name, step.state.value, step.row.applied_at if step.row is not None else None) for step in found]
    write_table(("migration", "state", "applied at, UTC"), table, sys.stdout)
    for step in found:
        if step.error is not None:
            say(f"{step.error}", err=True)
    states = Counter(step.state for step in found)
    counts = ", ".join(f"{count} {state.value}" for state, count in states.items())
    say(f"{_count(len(found))}: {counts}" if found else "no migrations", err=True)
    behind = len(found) - states[State.APPLIED]
    context.exit(BEHIND if behind else 0)


@migrate_group.command("down")
@click.option(
    "--to", type=int, metavar="N", required=True, help="The number of the last migration to keep; 0 for none."
)
@folder_option
@db_option
@pass_done_so_far
@click.pass_context
def down_command(context: click.Context, done_so_far: DoneSoFar, to: int, folder: str | None, db: str | None) -> None:
    """Undo migrations by their .down.sql files, the last one first."""
    place = _Place(context)
    with database_at(place.url) as database:
        with _shown(done_so_far, "undone") as progress:
            names = migrate_down(database, place.folder, to=to, progress=progress)
        done = f"undid {_count(len(names))} in {_database(database)}" if names else "nothing to undo"
        done_so_far.set(done)
        say(done, err=True)


def _print_plan(database: Database, folder: str, to: int | None) -> None:
    todo = planned(database, folder, to=to)
    for migration, done in todo:
        how = ", outside of a transaction" if migration.is_outside else ""
        left = f" from statement {done + 1} on" if done else ""
        say(f"-- {migration.file}{left}{how}")
        for _, statement in migration.statements[done:]:
            say(f"{statement};\n", keep="\n\t")
    say(f"would apply {_count(len(todo))} to {_database(database)}" if todo else "nothing to apply", err=True)


def _database(database: Database) -> str:
    return database.engine.url.render_as_string()


def _count(number: int) -> str:
    return f"{number} migration{'' if number == 1 else 's'}"


class _Reporter(Progress):
    """Says each migration that is done; on a terminal it shows the statement that runs."""

    def __init__(self, done_so_far: DoneSoFar, what: str, show: Callable[[str], None]) -> None:
        self._done_so_far = done_so_far
        self._what = what
        self._show = show
        self._done: list[str] = []

    def waiting(self) -> None:
        say("waiting for another process, which migrates this database", err=True)

    def statement(self, migration: Migration, number: int) -> None:
        line, text = migration.statements[number]
        first = text.partition("\n")[0]
        self._show(f"{migration.name}: statement {number + 1} of {len(migration.statements)}, line {line}: {first}")
        self._done_so_far.set(
            f"{self._what}: {', '.join(self._done) or 'nothing'}; {migration.name} was under way: `pydb migrate status`"
        )

    def applied(self, migration: Migration) -> None:
        self._done.append(migration.name)
        self._done_so_far.set(f"{self._what}: {', '.join(self._done)}")
        say(f"{self._what} {migration.name}", err=True)


@contextmanager
def _shown(done_so_far: DoneSoFar, what: str) -> Iterator[Progress]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Reporter(done_so_far, what, lambda text: None)
        return
    with Status("", console=console) as status:
        yield _Reporter(done_so_far, what, lambda text: status.update(_fitting(text, console.width)))


def _fitting(text: str, width: int) -> str:
    return escape(escaped(text if len(text) < width - 4 else f"{text[: width - 5]}…"))
