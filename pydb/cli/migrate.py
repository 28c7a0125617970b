"""``pydb migrate``: a folder of migrations in; the database with them applied, or a list of what is missing, out."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.status import Status
from sqlalchemy.engine import URL

from pydb.cli.completion import complete_folder
from pydb.cli.connect import database_at, refuse_absent_file
from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import db_option, schema_option, servers_option, sql_option
from pydb.cli.output import write_table
from pydb.cli.printing import print_json, say
from pydb.cli.report import FORMATS, print_findings
from pydb.database import Database
from pydb.database.url import displayed_url
from pydb.findings import Finding
from pydb.migrations.files import Migration, read_migrations
from pydb.migrations.plan import State, Step, steps
from pydb.migrations.progress import Progress
from pydb.migrations.runner import applied_rows, migrate, migrate_down, planned
from pydb.project import Project, database_file, find_project, url_of
from pydb.support.escapes import escaped
from pydb.support.file_sets import write_files
from pydb.support.plurals import number_of

if TYPE_CHECKING:
    from pydb.migrations.rolling import Version

__all__ = ["migrate_group"]

BEHIND = 1
"""The exit code of ``status`` if not all migrations are applied, or if the database has other ones."""

folder_option = click.option(
    "--migrations", "folder", metavar="FOLDER", shell_complete=complete_folder, help="The folder of the migrations."
)


class _Place:
    """The folder and the database to migrate, from the options or the project.

    An option may be given before or after the name of the subcommand.
    """

    def __init__(self, context: click.Context) -> None:
        given: dict[str, Any] = {}
        for one in (context.parent, context):
            given |= {name: value for name, value in (one.params if one is not None else {}).items() if value}
        self.project: Project = find_project(Path.cwd())
        self.folder = self.project.migrations_path(given.get("folder"))
        self._db: str | None = given.get("db")

    @property
    def url(self) -> URL:
        """The database."""
        return url_of(self._db, self.project)

    @property
    def url_to_read(self) -> URL:
        """The database; if its file does not exist yet, an empty one in memory, so that no file is created."""
        file = database_file(self.url)
        return self.url if file is None or Path(file).exists() else self.url._replace(database=None)

    def urls(self, given: Sequence[str]) -> list[URL]:
        """The URLs of the servers, for a command that accepts several of them."""
        return [url_of(url, self.project) for url in given or filter(None, [self._db])]

    def migrations(self, engine: str) -> tuple[Migration, ...]:
        """The migrations for an engine; none if the folder does not exist yet."""
        return read_migrations(self.folder, engine) if Path(self.folder).is_dir() else ()


@click.group("migrate", invoke_without_command=True)
@click.option("--to", type=int, metavar="N", help="Apply migrations up to this number.")
@click.option("--dry-run", is_flag=True, help="Print the statements that would run, and run none.")
@folder_option
@db_option
@pass_done_so_far
@click.pass_context
def migrate_group(
    context: click.Context, done_so_far: DoneSoFar, to: int | None, dry_run: bool, folder: str | None, db: str | None
) -> None:
    """Apply the migrations that the database does not have yet, one file after the other.

    Only one process migrates at a time.  Other processes wait, and then have nothing to apply.  `pydb migrate draft`
    writes the first file.
    """
    if context.invoked_subcommand is not None:
        if to is not None or dry_run:
            raise click.UsageError(f"write --to and --dry-run after {context.invoked_subcommand}, if it has them")
        return
    place = _Place(context)
    if dry_run:
        _print_plan(place, to)
        return
    with database_at(place.url) as database:
        with _shown(done_so_far, "applied") as progress:
            names = migrate(database, place.folder, to=to, progress=progress)
        done = f"applied {number_of(len(names), 'migration')} to {_database(database)}" if names else "nothing to apply"
        done_so_far.set(done)
        say(done, err=True)


@migrate_group.command("status")
@folder_option
@db_option
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def migrate_status_command(context: click.Context, folder: str | None, db: str | None, format_: str) -> None:
    """List the migrations: applied, pending, edited, missing.  The exit code is 1 if not all are applied."""
    place = _Place(context)
    with database_at(place.url_to_read) as database:
        rows = applied_rows(database)
        found = steps(read_migrations(place.folder, database.rules.name), rows)
    states = Counter(step.state for step in found)
    if format_ == "json":
        print_json(_as_json(found, states))
    else:
        write_table(("migration", "state", "applied at, UTC"), [_row(step) for step in found], sys.stdout)
    for step in found:
        if step.error is not None:
            say(f"{step.error}", err=True)
    counts = ", ".join(f"{count} {state.value}" for state, count in states.items())
    say(f"{number_of(len(found), 'migration')}: {counts}" if found else "no migrations", err=True)
    behind = len(found) - states[State.APPLIED]
    context.exit(BEHIND if behind else 0)


def _row(step: Step) -> tuple[str, str, Any]:
    return step.name, step.state.value, step.row.applied_at if step.row is not None else None


def _as_json(found: Sequence[Step], states: Mapping[State, int]) -> dict[str, Any]:
    return {
        "counts": {state.value: states.get(state, 0) for state in State},
        "migrations": [
            {
                "migration": name,
                "state": state,
                # SQLite returns text.
                "applied_at": None if applied_at is None else f"{datetime.fromisoformat(str(applied_at)).isoformat()}Z",
                "error": None if step.error is None else step.error.message,
            }
            for step in found
            for name, state, applied_at in (_row(step),)
        ],
    }


@migrate_group.command("down")
@click.option(
    "--to", type=int, metavar="N", required=True, help="The number of the last migration to keep; 0 for none."
)
@folder_option
@db_option
@pass_done_so_far
@click.pass_context
def migrate_down_command(
    context: click.Context, done_so_far: DoneSoFar, to: int, folder: str | None, db: str | None
) -> None:
    """Undo migrations by their .down.sql files, the last one first."""
    place = _Place(context)
    refuse_absent_file(place.url, "pydb migrate")
    with database_at(place.url) as database:
        with _shown(done_so_far, "undone") as progress:
            names = migrate_down(database, place.folder, to=to, progress=progress)
        done = f"undid {number_of(len(names), 'migration')} in {_database(database)}" if names else "nothing to undo"
        done_so_far.set(done)
        say(done, err=True)


@migrate_group.command("baseline")
@click.argument("number", type=int, required=False)
@folder_option
@db_option
@pass_done_so_far
@click.pass_context
def migrate_baseline_command(
    context: click.Context, done_so_far: DoneSoFar, number: int | None, folder: str | None, db: str | None
) -> None:
    """Record the migrations up to NUMBER as applied, in a database that already has their schema.

    The migrations are replayed in a scratch database, and its schema is compared with that of the database.  A
    difference is an error.
    """
    from pydb.migrations.baseline import baseline

    place = _Place(context)
    refuse_absent_file(place.url, "pydb migrate")
    with database_at(place.url) as database:
        names = baseline(database, place.url, place.folder, number)
        done = (
            f"recorded {number_of(len(names), 'migration')} as applied in {_database(database)}"
            if names
            else "nothing to record"
        )
        done_so_far.set(done)
        say(done, err=True)


@migrate_group.command("draft")
@click.argument("name")
@servers_option("Also draft for the server at this URL; may be repeated.")
@sql_option
@schema_option
@folder_option
@pass_done_so_far
@click.pass_context
def migrate_draft_command(
    context: click.Context,
    done_so_far: DoneSoFar,
    name: str,
    urls: tuple[str, ...],
    sql: str | None,
    schema: str | None,
    folder: str | None,
) -> None:
    """Write the draft of the next migration, which leads from the current migrations to the schema script.

    `pydb migrate` refuses a draft: read it, correct it, and delete its first line.
    """
    from pydb.migrations.check import wanted_engines
    from pydb.migrations.draft import draft, draft_file

    done_so_far.set("nothing was written")
    place = _Place(context)
    schemas = place.project.schema_scripts(place.project.sql_path(sql), schema)
    every = [migration for engine in schemas for migration in place.migrations(engine)]
    drafted = {}
    for engine, url in wanted_engines(schemas, place.urls(urls)).items():
        made = draft(engine, url, place.migrations(engine), schemas[engine])
        if made is None:
            say(f"{engine}: the migrations already lead to the schema of {schemas[engine]}", err=True)
            continue
        file = draft_file(place.folder, every, name, engine if len(schemas) > 1 else None)
        drafted[file] = made.text
        say(f"{engine}: {file}" + "".join(f"\n    not drafted: {thing}" for thing in made.missing), err=True, keep="\n")
    for engine in schemas.keys() - wanted_engines(schemas, place.urls(urls)).keys():
        say(f"{engine}: not drafted (no --db names a server)", err=True)
    write_files(drafted, written=lambda: done_so_far.set(f"wrote {', '.join(map(str, drafted))}"))


@migrate_group.command("check")
@servers_option("Also check on the server at this URL; may be repeated.")
@sql_option
@schema_option
@click.option("--since", metavar="REV", help="Also check the rolling deploy from the version at this Git revision.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", help="[default: text]")
@folder_option
@pass_done_so_far
@click.pass_context
def migrate_check_command(
    context: click.Context,
    done_so_far: DoneSoFar,
    urls: tuple[str, ...],
    sql: str | None,
    schema: str | None,
    since: str | None,
    format_: str,
    folder: str | None,
) -> None:
    """Replay the migrations in scratch databases, and compare the result with the schema scripts.

    The SQLite database is a temporary file.  On each server of --db, a scratch database is created.  With --since, the
    old statements are proven on the new schema, and the new statements on the old schema.
    """
    from pydb.check import CODES
    from pydb.migrations.check import MigrationInputs, check_migrations
    from pydb.migrations.rolling import Version

    done_so_far.set("the check is not finished")
    place = _Place(context)
    project = place.project
    path = project.sql_path(sql)
    urls_given = place.urls(urls)
    schemas = project.schema_scripts(path, schema)
    report = check_migrations(MigrationInputs(place.folder, schemas, urls_given))
    findings = [*report.findings]
    if since is not None:
        rolled_out = _rolled_out(place, Version("this version", path, schemas), since, urls_given)
        findings += rolled_out or ()
        report.unchecked.extend([f"the rolling deploy ({since} has no SQL)"] if rolled_out is None else [])
    else:
        report.unchecked.append("the rolling deploy (no --since names a revision)")
    replayed = ", ".join(f"{count} on {engine}" for engine, count in report.replayed.items()) or "none"
    unchecked = f"; not checked: {'; '.join(report.unchecked)}" if report.unchecked else ""
    counts = f"migrations replayed: {replayed}{unchecked}"
    context.exit(print_findings(findings, format_, counts, report.examined, CODES))


def _rolled_out(place: _Place, new: Version, since: str, urls: Sequence[URL]) -> list[Finding] | None:
    """The findings of the rolling deploy from a revision; their places are in the files of that revision.

    None if the revision has no SQL.
    """
    from pydb.migrations.revision import files_at
    from pydb.migrations.rolling import Version, check_rolling

    root = place.project.file.parent if place.project.file is not None else Path.cwd()
    with files_at(since, root) as folder:
        project = find_project(folder)
        if project.file is not None and project.file.is_relative_to(folder) and project.sql is not None:
            sql = project.sql_path(None)
            schemas = project.schema_scripts(sql, None)
        else:
            # Without its settings, the files are where they are now.
            sql = str(folder / os.path.relpath(new.sql, root))
            there = {engine: folder / os.path.relpath(file, root) for engine, file in new.schemas.items()}
            schemas = {engine: str(file) for engine, file in there.items() if file.is_file()}
        if not Path(sql).exists():
            return None
        found = check_rolling(Version(since, sql, schemas), new, urls)
        return [
            replace(item, file=os.path.relpath(root / Path(item.file).relative_to(folder)))
            if Path(item.file).is_relative_to(folder)
            else item
            for item in found
        ]


def _print_plan(place: _Place, to: int | None) -> None:
    with database_at(place.url_to_read) as database:
        todo = planned(database, place.folder, to=to)
    for migration, done in todo:
        how = ", outside of a transaction" if migration.is_outside else ""
        left = f" from statement {done + 1} on" if done else ""
        say(f"-- {migration.file}{left}{how}")
        for _, statement in migration.statements[done:]:
            say(f"{statement};\n", keep="\n\t")
    say(
        f"would apply {number_of(len(todo), 'migration')} to {displayed_url(place.url).render_as_string()}"
        if todo
        else "nothing to apply",
        err=True,
    )


def _database(database: Database) -> str:
    return database.engine.url.render_as_string()


class _Reporter(Progress):
    """Prints each migration that is done; on a terminal, ``status`` shows the running statement."""

    def __init__(self, done_so_far: DoneSoFar, what: str, status: Status | None) -> None:
        self._done_so_far = done_so_far
        self._what = what
        self._status = status
        self._done: list[str] = []

    def waiting(self) -> None:
        self._say("waiting for another process that is migrating this database")

    def begins(self, migration: Migration) -> None:
        done = f"{self._what}: {', '.join(self._done) or 'nothing'}"
        self._done_so_far.set(f"{done}; {migration.name} was under way: `pydb migrate status` says what is kept")

    def statement(self, migration: Migration, number: int) -> None:
        if self._status is not None:
            line, text = migration.statements[number]
            place = f"{migration.name}: statement {number + 1} of {len(migration.statements)}, line {line}: "
            shown = escaped(place + text.partition("\n")[0])[: self._status.console.width - 4]
            self._status.update(escape(shown))

    def applied(self, migration: Migration) -> None:
        self._done.append(migration.name)
        self._done_so_far.set(f"{self._what}: {', '.join(self._done)}")
        self._say(f"{self._what} {migration.name}")

    def _say(self, text: str) -> None:
        if self._status is not None:
            self._status.stop()
        say(text, err=True)
        if self._status is not None:
            self._status.start()


@contextmanager
def _shown(done_so_far: DoneSoFar, what: str) -> Iterator[Progress]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Reporter(done_so_far, what, None)
        return
    with Status("", console=console) as status:
        yield _Reporter(done_so_far, what, status)
