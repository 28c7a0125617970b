"""Apply migrations: a database and a folder in, the names of the applied migrations in their order out.

Only one process at a time applies them, under a lock of the engine.  A migration and its row in the journal are one
transaction.  If the engine commits each DDL statement, or the file asks for it, the journal is written after each
statement, and the next run continues after the last finished one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os import PathLike, fspath

from pydb.database import Database
from pydb.database.error_translation import translated
from pydb.database.transaction import in_block
from pydb.engines.base import POOLED
from pydb.engines.connections import pooled_connection
from pydb.errors import MigrationError
from pydb.migrations.engine_migrations import Patience, migrations_of
from pydb.migrations.files import Migration, down_file, read_migrations
from pydb.migrations.journal import Applied, Journal
from pydb.migrations.plan import State, check_number, pending, steps
from pydb.migrations.progress import Progress
from pydb.migrations.run import Run
from pydb.support.blocks import guarded_block

__all__ = ["WAIT", "applied_rows", "apply_migrations", "locked", "migrate", "migrate_down", "planned"]

WAIT = 600.0
"""The time to wait for another process that migrates the database, in seconds."""


def migrate(
    db: Database,
    folder: str | PathLike[str] = "migrations",
    *,
    to: int | None = None,
    wait: float = WAIT,
    progress: Progress | None = None,
) -> list[str]:
    """Apply the pending migrations of a folder, up to the number ``to``; return their names.

    If several processes call it at the same time, one of them applies the migrations.  The others wait, at most
    ``wait`` seconds, and apply nothing.  Raises MigrationError if the folder and the journal do not agree, or if a
    statement fails; the message says what is kept.  Raises SqlFileError for a file that cannot be read or that reaches
    beyond the database.  Needs a direct connection to the server, and must not be called inside ``begin()``.
    """
    return apply_migrations(db, read_migrations(fspath(folder), db.rules.name), to=to, wait=wait, progress=progress)


def apply_migrations(
    db: Database,
    migrations: Sequence[Migration],
    *,
    to: int | None = None,
    wait: float = WAIT,
    progress: Progress | None = None,
    drafts: bool = False,
) -> list[str]:
    """Apply those of these migrations that are pending; drafts only with ``drafts``."""
    with locked(db, wait, progress) as run:
        with run.connection() as conn:
            rows = Journal(conn).rows()
            todo = _ready(migrations, rows, to, drafts=drafts)
            for migration, _ in todo:
                run.read(migration, conn)
            if todo:
                run.create_journal(conn)
        try:
            return [migration.name for migration, row in todo if run.apply(migration, row)]
        except MigrationError as error:
            if not rows and error.file == todo[0][0].file and error.__cause__ is not None:
                error.hint = f"{error.hint}; for a database that is older than its migrations: pydb migrate baseline"
            raise


def planned(db: Database, folder: str | PathLike[str], *, to: int | None = None) -> list[tuple[Migration, int]]:
    """The migrations that ``migrate`` would apply, each with the number of its finished statements.

    It reads the journal without a lock.  Raises MigrationError as ``migrate`` does before it begins.
    """
    todo = _ready(read_migrations(fspath(folder), db.rules.name), applied_rows(db), to, drafts=False)
    return [(migration, 0 if row is None else row.done) for migration, row in todo]


def migrate_down(
    db: Database,
    folder: str | PathLike[str] = "migrations",
    *,
    to: int,
    wait: float = WAIT,
    progress: Progress | None = None,
) -> list[str]:
    """Undo the applied migrations above the number ``to``, the last one first, with their ``.down.sql`` files.

    Returns their names.  Raises MigrationError, before anything is undone, if one of them has no such file.
    """
    migrations = read_migrations(fspath(folder), db.rules.name)
    if to:
        check_number(to, migrations)
    with locked(db, wait, progress) as run:
        with run.connection() as conn:
            files = _undone(migrations, Journal(conn).rows(), to)
            for _, down in files:
                run.read(down, conn)
        for migration, down in files:
            run.undo(migration, down)
        return [migration.name for migration, _ in files]


def applied_rows(db: Database) -> dict[int, Applied]:
    """The rows of a database's journal by number, read without a lock."""
    # Not read(): a replica may not have the rows yet.
    with translated(db.rules), pooled_connection(db.connect) as conn:
        return Journal(conn).rows()


@guarded_block
def locked(db: Database, wait: float = WAIT, progress: Progress | None = None) -> Iterator[Run]:
    """A run during which no other process migrates this database.  Raises MigrationError if that is not possible."""
    if in_block():
        raise MigrationError("migrations cannot run inside begin() or run()", hint="migrate before the block")
    if db.engine.get_execution_options().get(POOLED):
        raise MigrationError(
            "migrations cannot run behind a pooler: their lock belongs to a session of the server",
            hint="give the URL of the server itself",
        )
    progress = progress or Progress()
    own = migrations_of(db.rules.name)
    patience = Patience(wait, progress.waiting)
    with translated(db.rules), own.lock(db, patience) as still_locked:
        yield Run(db, own, still_locked, patience, progress)


def _ready(
    migrations: Sequence[Migration], rows: dict[int, Applied], to: int | None, *, drafts: bool
) -> list[tuple[Migration, Applied | None]]:
    """The migrations to apply.  Raises MigrationError for a draft, unless ``drafts`` is true."""
    todo = [(step.migration, step.row) for step in pending(migrations, rows, to) if step.migration is not None]
    for migration, _ in todo:
        if migration.draft_line is not None and not drafts:
            raise MigrationError(
                "the migration is a draft",
                file=migration.file,
                line=migration.draft_line,
                hint="read it, correct it, and delete this line",
            )
    return todo


def _undone(migrations: Sequence[Migration], rows: dict[int, Applied], to: int) -> list[tuple[Migration, Migration]]:
    """The migrations to undo, the last one first, each with the file that undoes it."""
    found = steps(migrations, rows)
    for step in found:
        if step.error is not None:
            raise step.error
        if step.state is State.PARTLY:
            raise MigrationError(f"{step.name}.sql is partly applied", hint="finish it first: pydb migrate")
    gone = [step.migration for step in reversed(found) if step.version > to and step.state is State.APPLIED]
    return [(migration, _down_of(migration)) for migration in gone if migration is not None]


def _down_of(migration: Migration) -> Migration:
    file = down_file(migration)
    if file is None:
        raise MigrationError(
            "no file undoes this migration",
            file=migration.file,
            hint=f"write {migration.name}.down.sql, or a new migration that reverses it",
        )
    return file
