"""Send one statement on one SQLAlchemy dialect: a connection and adapted parameters in, a cursor or Core's result out.

There are two paths to the database.  The Core path is ``Connection.execute``.  The driver path is a cursor of the same
connection's driver; it is taken if ``core_internals.may_bypass_core`` finds that it has the same effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, TextClause, TextualSelect, exc
from sqlalchemy.engine import Dialect

from pydb.database.error_translation import translate
from pydb.database.transaction import state_of
from pydb.engines.base import Rules, json_functions
from pydb.errors import DataError, NoRow, PydbError, RecordError, RowError, TooManyRows
from pydb.execution import core_internals
from pydb.execution.driver_sql import MARKS, DriverSql
from pydb.execution.nested import NestedRows
from pydb.execution.parameters import Binder
from pydb.execution.result_columns import UNFIT, ResultColumns, Suspects, ValueType
from pydb.execution.text_clause import clause, with_empty
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.row_word import RowWord
from pydb.values.adapters import ParameterType
from pydb.values.kinds import Kind
from pydb.values.row_builder import Builder

__all__ = ["MAX_TEXTS", "Plan"]

MAX_TEXTS = 100
"""The maximum number of cached texts of a statement: for sizes of lists, and for combinations of empty lists."""


class Plan:
    """Everything about one statement on one dialect that does not change from call to call.

    ``lacks_columns`` says that the statement is a variant, which may lack a column that ``@column`` names.
    """

    def __init__(
        self,
        definition: Definition,
        form: Form,
        dialect: Dialect,
        rules: Rules,
        record: type | None,
        column_kinds: Mapping[str, Kind],
        parameter_types: Mapping[str, ParameterType],
        nested: NestedRows | None = None,
        lacks_columns: bool = False,
    ) -> None:
        self.definition, self.form, self.rules = definition, form, rules
        self.paramstyle = dialect.paramstyle
        self.driver_error = dialect.loaded_dbapi.Error
        cursors = rules.cursor_cache(dialect)
        self.cursors_of = None if dialect.is_async else cursors
        self.async_cursors_of = cursors if dialect.is_async else None
        # A cursor cache has already prepared its connection.
        self.prepares = self.cursors_of is None and type(rules).prepare_connection is not Rules.prepare_connection
        self.binder = Binder(definition, rules.adapters_for(dialect), parameter_types, self.error)
        self.options = {"pydb_statement": definition.name}
        counts = definition.row_word in (RowWord.AFFECTED, RowWord.BATCH)
        self.result_options = {"preserve_rowcount": True} if counts else {}
        self.builds = record is not None or definition.record == "scalar"
        self.rows_are_typed = not self.builds and bool(column_kinds)
        self.column_kinds = column_kinds
        self.clause = self._clause(form)
        self.clauses_with_empty: dict[frozenset[str], TextClause | TextualSelect] = {}
        declared = definition.column_types if record is None and not lacks_columns else ()
        self.columns = ResultColumns(
            form, rules, record, column_kinds, declared, self.error, json_functions(dialect)[1], nested
        )
        self.groups = nested is not None and form.nesting is not None and form.nesting.groups
        self.reads_json = nested is not None and nested.reads_json
        self.may_give_results = rules.may_give_results(form)
        self.commits = rules.commits_by_itself(form)
        self.driver_sql = DriverSql(definition.name, form.parts, self.paramstyle) if self.paramstyle in MARKS else None
        reads_rows = self.builds or definition.row_word.returns_no_rows
        self.fits_driver_path = self.driver_sql is not None and reads_rows and not definition.sequences

    def _clause(self, form: Form) -> TextClause | TextualSelect:
        made = clause(self.definition.name, form).execution_options(**self.options)
        if not self.rows_are_typed:
            return made
        return made.columns(**{name: ValueType(name, kind) for name, kind in self.column_kinds.items()})

    # Sending.  ``where`` is the prefix of a database error's message; it names the set of a batch that failed.

    def send(self, conn: Connection, bound: dict[str, Any], take: Callable[[Any], Any], where: str = "") -> Any:
        """Run the statement, and call ``take`` with the cursor, or Core's result, before anything else happens."""
        if self.reads_json:
            return self.guarded(conn, lambda: self._send_for_json(conn, bound, take, where), where)
        return self._send(conn, bound, take, where)

    def _send_for_json(self, conn: Connection, bound: dict[str, Any], take: Callable[[Any], Any], where: str) -> Any:
        with self.rules.json_as_text(conn):
            return self._send(conn, bound, take, where)

    def _send(self, conn: Connection, bound: dict[str, Any], take: Callable[[Any], Any], where: str) -> Any:
        sql = self.driver_sql
        if self.fits_driver_path and sql is not None and core_internals.may_bypass_core(conn):
            values = bound if sql.takes_mapping else tuple([bound[name] for name in sql.order])
            spelling = partial(sql.core_spelling, ())
            return self.send_to_driver(conn, conn.connection.cursor, sql.sql, values, take, spelling, where)
        return self.guarded(conn, lambda: self._send_to_core(conn, bound, take), where)

    def send_to_driver(
        self,
        conn: Connection,
        make_cursor: Callable[[], Any],
        sql: str,
        values: Any,
        take: Callable[[Any], Any],
        core_spelling: Callable[[], str],
        where: str = "",
    ) -> Any:
        """Send on the driver path.  ``core_spelling`` returns the text that Core would have sent, for errors."""
        cursor: Any = None
        try:
            cursor = make_cursor()
            cursor.execute(sql, values)
            taken = take(cursor)
            cursor.close()
            return taken
        except BaseException as error:
            failure = self.driver_failure(conn, error, core_spelling(), cursor, values, where)
        raise failure

    def driver_failure(
        self,
        conn: Connection,
        error: BaseException,
        sql: str,
        cursor: Any,
        values: Any,
        where: str = "",
        answer: Any = None,
    ) -> BaseException:
        """pydb's error for an exception of the driver path, after Core has handled it.

        Without a ``cursor`` there is none to close; ``answer`` is then what ``Rules.answer_of`` returned for it.
        """
        if cursor is not None:
            answer = self.rules.answer_of(cursor)
        try:
            if core_internals.concerns_core(error, self.driver_error):
                core_internals.fail(conn, error, sql, cursor, values)
        except BaseException as wrapped:
            return self.failure_of(wrapped, conn, where, answer)
        if cursor is not None:
            # An unfinished SQLite statement would stay open after its transaction.
            cursor.close()
        return self.failure_of(error, conn, where)

    def _send_to_core(self, conn: Connection, bound: dict[str, Any], take: Callable[[Any], Any]) -> Any:
        result = conn.execute(*self.executable(bound), execution_options=self.result_options)
        try:
            return self.take(result, take)
        finally:
            result.close()

    def take(self, result: CursorResult[Any], take: Callable[[Any], Any]) -> Any:
        """Call ``take`` with Core's result, and return what it returns."""
        answer = self.rules.answer_of(result.cursor)
        try:
            return take(result)
        except exc.DBAPIError as error:
            failure = self._unreadable(error, answer)
            if failure is None:
                raise
        raise failure

    def executable(self, bound: dict[str, Any]) -> tuple[Executable, dict[str, Any]]:
        """The clause and its parameters; an empty list is written in the engine's syntax."""
        words = self.rules.empty_lists
        empty = frozenset(name for name in self.definition.sequences if not bound[name]) if words else frozenset()
        if not words or not empty:
            return self.clause, bound
        made = self.clauses_with_empty.get(empty)
        if made is None:
            made = self._clause(with_empty(self.form, empty, *words))
            # With N lists, 2 ** N combinations of them may be empty.
            if len(self.clauses_with_empty) < MAX_TEXTS:
                self.clauses_with_empty[empty] = made
        return made, bound

    # Errors.

    def guarded(self, conn: Connection, work: Callable[[], Any], where: str = "") -> Any:
        """Call ``work`` and return its result.

        An exception becomes pydb's error, without a context, because the context may contain values.
        """
        try:
            return work()
        except Exception as error:
            failure = self.failure_of(error, conn, where)
        raise failure

    def failure_of(self, error: BaseException, conn: Connection, where: str = "", answer: Any = None) -> BaseException:
        """pydb's error that names this statement, or the error itself if the statement did not cause it."""
        failure: BaseException
        if isinstance(error, exc.DBAPIError):
            name, form = self.definition.name, self.form
            failure = self._unreadable(error, answer) or translate(
                error, self.rules, name=name, file=form.file, line=form.line, conn=conn, where=where
            )
        elif isinstance(error, exc.PendingRollbackError) and (state := state_of(conn)) is not None:
            return state.loss()
        elif isinstance(error, exc.SQLAlchemyError) or not isinstance(error, Exception):
            return error
        else:
            failure = error if isinstance(error, PydbError) else self.columns.unfit_row(error) or error
        if isinstance(failure, RowError):
            self.doom(conn, failure)
        return failure

    def _unreadable(self, error: exc.DBAPIError, answer: Any) -> PydbError | None:
        """The error for a value that the driver could not read; None if the exception has another cause."""
        if error.orig is None or isinstance(error, PydbError):
            return None
        found = self.rules.unreadable(error.orig, answer)
        if found is None:
            return None
        if self.builds or self.rows_are_typed:
            return self.error(RecordError, found.message, UNFIT)
        return DataError(
            found.message,
            orig=error.orig,
            sql=error.statement,
            statement_name=self.definition.name,
            file=self.form.file,
            line=self.form.line,
            hint=UNFIT,
        )

    def doom(self, conn: Connection, error: RowError) -> None:
        """Prevent the commit of a statement's changes if its rows do not fit; NoRow does not prevent it."""
        state = state_of(conn)
        if state is not None and self.form.changes_rows and not isinstance(error, NoRow):
            state.note_failure(conn, self.definition.name)

    # Reading.

    def read_all(self, cursor: Any) -> list[Any]:
        """The rows of a cursor, or of Core's result, as the header declares them."""
        if self.may_give_results:
            return self._read_only_set(cursor)
        if not self.builds:
            suspects = self.columns.check(cursor)
            return self.columns.unaltered(list(cursor), suspects)
        build = self.columns.builder_for(cursor)
        return build.many(cursor if isinstance(cursor, CursorResult) else self.rules.rows(cursor))

    def read_one(self, conn: Connection, cursor: Any) -> tuple[Any] | None:
        """The one row, in a tuple because a scalar may be None; None if there is no row.  Raises TooManyRows."""
        if self.may_give_results:
            rows = self._read_only_set(cursor)
            if len(rows) > 1:
                raise self.miscounted(conn, cursor, rows[0])
            return (rows[0],) if rows else None
        build: Builder | None = None
        suspects: Suspects = ()
        if self.groups:
            roots = self.read_all(cursor)
            if len(roots) > 1:
                raise self.miscounted(conn, cursor, roots[0])
            return (roots[0],) if roots else None
        # Before the rows are read, because Core's result has no description any more after its last row.
        if self.builds:
            build = self.columns.builder_for(cursor)
        else:
            suspects = self.columns.check(cursor)
        row = cursor.fetchone()
        if row is None:
            return None
        if cursor.fetchone() is not None:
            raise self.miscounted(conn, cursor, row)
        return (build.one(row) if build else self.columns.unaltered([row], suspects)[0],)

    def _read_only_set(self, cursor: Any) -> list[Any]:
        """Like ``read_all``, for a statement that may return more sets of rows.  Raises RecordError if it does."""
        driver = cursor.cursor if isinstance(cursor, CursorResult) else cursor
        if driver is None or driver.description is None:
            raise self.error(RecordError, "returned no set of rows", hint="use :exec or :affected")
        if self.builds:
            rows = self.columns.builder_for(cursor).many(driver.fetchall())
        else:
            self.columns.check(cursor)
            # Core's result would close the cursor after its last row, and the next set would be lost.
            rows = list(cursor.fetchmany(driver.rowcount)) if driver.rowcount else []
        if self.rules.gives_more(driver):
            raise self.error(RecordError, "returned more than one set of rows", hint="use a procedure that returns one")
        return rows

    def miscounted(self, conn: Connection, cursor: Any, row: Any) -> PydbError:
        """The error of a ``:one`` without a row, or of a ``:one`` or ``:maybe`` with more than one."""
        if row is None:
            return self.error(NoRow, "returned no row", hint="use :maybe if no row is a valid result")
        if cursor is not None:
            cursor.close()
        nesting = self.form.nesting
        flat = nesting is not None and nesting.groups and not self.groups
        hint = "load it with records: without them, a root is several rows" if flat else "use :many"
        return self.error(TooManyRows, "returned more than one row", hint=hint)

    def error(self, kind: type[PydbError], message: str, hint: str | None = None) -> PydbError:
        """An error that contains the statement's name, file and line."""
        form = self.form
        return kind(message, statement_name=self.definition.name, file=form.file, line=form.line, hint=hint)
