"""Run migrations under the lock: a file and its row of the journal in, a changed database or an error out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass

from sqlalchemy import Connection, exc

from pydb.database import Database
from pydb.database.error_translation import translated
from pydb.engines.script_bounds import checked, run_checked
from pydb.errors import CommitOutcomeUnknown, DatabaseError, Disconnected, MigrationError, Retryable, UniqueViolation
from pydb.migrations.engine_migrations import EngineMigrations, Patience, StillLocked
from pydb.migrations.files import Migration
from pydb.migrations.journal import TABLE, Applied, Progressed
from pydb.migrations.progress import Progress
from pydb.support.blocks import guarded_block

__all__ = ["Run", "single_statements"]

_LOST = (Disconnected, CommitOutcomeUnknown)
"""The errors after which the outcome is unknown if each statement is committed by itself."""

_CORRECT = "correct the file, and migrate again"
_AGAIN = "migrate again"


@guarded_block
def single_statements(db: Database, own: EngineMigrations, patience: Patience) -> Iterator[Connection]:
    """A connection that commits each statement by itself, set up for a migration and not used afterwards."""
    with db.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT")
        db.rules.keep_apart(conn)
        own.prepare(conn, patience)
        try:
            yield conn
        finally:
            with suppress(exc.SQLAlchemyError):  # a lost connection need not be reset
                own.after_end(conn)


@dataclass(slots=True)
class Run:
    """A run under the lock; ``still_locked`` returns whether the lock is still held."""

    db: Database
    own: EngineMigrations
    still_locked: StillLocked
    patience: Patience
    progress: Progress

    def connection(self) -> AbstractContextManager[Connection]:
        """A connection for one file."""
        return single_statements(self.db, self.own, self.patience)

    def read(self, migration: Migration, conn: Connection) -> None:
        """Read a whole file.  Raises MigrationError, and SqlFileError for what a script may not do."""
        _ = migration.directives
        rules = self.db.rules
        checked(migration.statements, rules.script_bounds(_asking(conn)), migration.file)

    def create_journal(self, conn: Connection) -> None:
        """Create the journal's table if it does not exist."""
        if not self.own.journal(conn).exists():
            conn.exec_driver_sql(self.own.table)

    def apply(self, migration: Migration, row: Applied | None) -> bool:
        """Apply a migration; ``row`` is the progress of an earlier run.

        Return whether this run applied it: without a lock, another process may have been faster.
        """
        self._check_lock(migration)
        self.progress.begins(migration)
        with self.connection() as conn:
            journal = self.own.journal(conn)
            if self.db.rules.ddl_commits or migration.is_outside:
                _Steps(self, conn, migration, row).run()
            elif not self._at_once(conn, migration, lambda: migration.version in journal.rows(), journal.add):
                return False
        self.progress.applied(migration)
        return True

    def undo(self, migration: Migration, down: Migration) -> None:
        """Undo a migration with the statements of its ``.down.sql`` file."""
        self._check_lock(down)
        self.progress.begins(migration)
        with self.connection() as conn:
            journal = self.own.journal(conn)
            if self.db.rules.ddl_commits or down.is_outside:
                self._undo_by_steps(conn, down)
                journal.remove(migration.version)
            else:
                self._at_once(conn, down, lambda: False, lambda _: journal.remove(migration.version))
        self.progress.applied(migration)

    def _check_lock(self, migration: Migration) -> None:
        try:
            locked = self.still_locked()
        except exc.SQLAlchemyError:
            locked = False
        if not locked:
            raise MigrationError(
                "the connection that locks the migrations was lost; nothing of this file was run",
                file=migration.file,
                hint="migrate again",
            )

    def _at_once(
        self,
        conn: Connection,
        migration: Migration,
        is_done: Callable[[], bool],
        note: Callable[[Migration], None],
    ) -> bool:
        """Run a file in one transaction, in which ``note`` writes the journal; skip it if it ``is_done``."""
        kept = "no change of this file is kept"
        committing = False
        try:
            with translated(self.db.rules):
                conn.exec_driver_sql(self.own.begin)
                if is_done():
                    conn.exec_driver_sql("ROLLBACK")
                    return False
                number = iter(range(len(migration.statements)))
                self.run_all(
                    conn, migration, 0, lambda line, text: self.send(conn, migration, next(number), line, text)
                )
                self.own.before_commit(conn)
                note(migration)
                committing = True
                conn.exec_driver_sql("COMMIT")
        except DatabaseError as error:
            if committing and isinstance(error, _LOST):
                message = "the connection was lost during COMMIT: it is not known whether the migration is applied"
                raise MigrationError(
                    message, file=migration.file, hint="migrate again: the journal shows whether it is applied"
                ) from error
            _roll_back(conn)
            raise _failed(error, migration, kept, _AGAIN if isinstance(error, _LOST) else _CORRECT) from error
        except BaseException as error:
            _roll_back(conn)
            if isinstance(error, MigrationError):
                error.file = error.file or migration.file
            raise
        return True

    def _undo_by_steps(self, conn: Connection, down: Migration) -> None:
        done = 0

        def execute(line: int, statement: str) -> None:
            nonlocal done
            self.send(conn, down, done, line, statement)
            done += 1

        try:
            self.run_all(conn, down, 0, execute)
        except DatabaseError as error:
            raise _failed(
                error, down, _kept(done, down), "run the remaining statements of this file by hand"
            ) from error

    def run_all(
        self, conn: Connection, migration: Migration, start: int, execute: Callable[[int, str], object]
    ) -> None:
        """Read and run the statements from number ``start``."""
        rules = self.db.rules
        bounds = rules.script_bounds(_asking(conn))
        for _, statement in migration.statements[:start]:
            bounds.check(statement)
        with rules.confined(conn.connection.dbapi_connection):
            run_checked(checked(migration.statements[start:], bounds, migration.file), bounds, migration.file, execute)

    def send(self, conn: Connection, migration: Migration, number: int, line: int, statement: str) -> None:
        """Run one statement.  Raises DatabaseError with its place."""
        self.progress.statement(migration, number)
        with translated(self.db.rules, file=migration.file, line=line):
            conn.exec_driver_sql(statement, execution_options={"no_parameters": True}).close()


class _Steps:
    """A migration whose statements are committed one by one; ``row`` is the progress of an earlier run.

    The lock is not valid on another node of a cluster; there the row of the journal decides which run continues.
    """

    def __init__(self, run: Run, conn: Connection, migration: Migration, row: Applied | None) -> None:
        self._run, self._conn, self._migration = run, conn, migration
        self._journal = run.own.journal(conn)
        self._row = row
        self._state = Progressed.of(migration, 0) if row is None else Progressed(row.done, row.checksum)
        # If an earlier run was interrupted in a statement, that statement may be done.
        self._cut_off = None if self._state == Progressed.of(migration, self._state.done) else self._state.done

    def run(self) -> None:
        """Run the statements that are not done yet."""
        run, migration, start = self._run, self._migration, self._state.done
        if self._row is None:
            self._begin()
        elif start < len(migration.statements):
            self._refuse_remains(start)
        for number, (line, statement) in enumerate(migration.statements[:start]):
            if run.own.sets_session(statement):
                run.send(self._conn, migration, number, line, statement)
        numbers = iter(range(start, len(migration.statements)))
        run.run_all(self._conn, migration, start, lambda line, statement: self._step(next(numbers), line, statement))
        if start == len(migration.statements):
            self._note(start)

    def _begin(self) -> None:
        try:
            with translated(self._run.db.rules):
                self._journal.add(self._migration, 0)
        except (UniqueViolation, Retryable):
            raise self._overtaken() from None

    def _note(self, done: int, under_way: int = 0) -> Progressed:
        """Write the progress of this run into the journal.  Raises MigrationError if another run has changed it."""
        after = Progressed.of(self._migration, done, under_way)
        if not self._journal.move(self._migration, self._state, after):
            raise self._overtaken()
        return after

    def _overtaken(self) -> MigrationError:
        return MigrationError(
            "another process is applying this migration",
            file=self._migration.file,
            hint="wait until it ends; then migrate again",
        )

    def _step(self, number: int, line: int, statement: str) -> None:
        rows_only = self._run.own.only_changes_rows(statement)
        try:
            with translated(self._run.db.rules):
                if rows_only:
                    self._conn.exec_driver_sql(self._run.own.begin)
                    after = self._note(number + 1)
                    self._run.send(self._conn, self._migration, number, line, statement)
                    self._conn.exec_driver_sql("COMMIT")
                    self._state = after
                    return
                self._state = self._note(number, under_way=1)
                self._run.send(self._conn, self._migration, number, line, statement)
        except DatabaseError as error:
            if rows_only:
                _roll_back(self._conn)
            raise self._failure(error, number, line, statement) from error
        except BaseException:
            if rows_only:
                _roll_back(self._conn)
            raise
        self._refuse_remains(number)
        self._state = self._note(number + 1)

    def _failure(self, error: DatabaseError, number: int, line: int, statement: str) -> MigrationError:
        """The error of a statement; the journal says that it is not done, unless that is unknown."""
        kept = _kept(number, self._migration)
        if isinstance(error, _LOST):
            hint = "migrate again: it is not known what this statement has done"
            return _failed(error, self._migration, kept, hint, line)
        if self._cut_off == number:
            update = f"UPDATE {TABLE} SET done = {number + 1} WHERE version = {self._migration.version};"
            hint = (
                f"an earlier run was interrupted here.  If this statement is done, run this SQL, then migrate: {update}"
            )
            return _failed(error, self._migration, kept, hint, line)
        hint = _CORRECT
        with suppress(exc.SQLAlchemyError, MigrationError):
            self._state = self._note(number)
            if found := self._run.own.remains(self._conn, statement):
                kept, hint = f"{kept}, and {found[0]}", found[1]
        return _failed(error, self._migration, kept, hint, line)

    def _refuse_remains(self, number: int) -> None:
        line, statement = self._migration.statements[number]
        found = self._run.own.remains(self._conn, statement)
        if found is not None:
            raise MigrationError(found[0], file=self._migration.file, line=line, hint=found[1])


def _kept(done: int, migration: Migration) -> str:
    """The phrase that says which changes are kept, for a file whose statements are committed one by one."""
    total = len(migration.statements)
    if not done:
        return "no change of this file is kept"
    which = "statement 1" if done == 1 else f"statements 1 to {done}"
    return f"the changes of {which} of {total} are kept"


def _failed(
    error: DatabaseError, migration: Migration, kept: str, hint: str, line: int | None = None
) -> MigrationError:
    """The error of a statement of a migration; its message says what is kept of the file."""
    lost = isinstance(error, _LOST)
    if isinstance(error, Retryable):
        hint = "another transaction blocked it: migrate again"
    return MigrationError(
        f"{'the connection was lost' if lost else error.message}; {kept}",
        file=migration.file,
        line=error.line if error.file == migration.file else line,
        hint=hint,
    )


def _roll_back(conn: Connection) -> None:
    with suppress(exc.SQLAlchemyError):  # a lost connection was rolled back by the server, and is not used again
        conn.exec_driver_sql("ROLLBACK")


def _asking(conn: Connection) -> Callable[[str], list[tuple[object, ...]]]:
    def ask(query: str) -> list[tuple[object, ...]]:
        rows = conn.exec_driver_sql(query, execution_options={"no_parameters": True}).fetchall()
        return [tuple(row) for row in rows]

    return ask
