"""One statement on one SQLAlchemy dialect: a connection and parameters in, what the header promises out.

There are two roads to the database.  The ordinary one is ``Connection.execute``.  The short one, taken when
``core_internals.may_bypass_core`` says that nobody could tell, is the same connection's own driver cursor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, TextClause, TextualSelect, exc
from sqlalchemy.engine import Dialect, Engine

from pydb.database.error_translation import translate
from pydb.database.transaction import state_of
from pydb.engines import read_connections
from pydb.engines.base import Rules
from pydb.errors import NoRow, NotSupportedError, ParameterError, PydbError, RowError, TooManyRows
from pydb.execution import core_internals
from pydb.execution.batch import send
from pydb.execution.driver_sql import MARKS, DriverSql
from pydb.execution.fast_path import MAX_PARAMETERS, MAX_TEXTS, Call, quick
from pydb.execution.parameters import Binder
from pydb.execution.result_columns import Columns, ValueType
from pydb.execution.text_clause import clause, with_empty
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.row_word import RowWord
from pydb.sqlfile.verbs import CHANGES_ROWS
from pydb.values.kinds import Kind

STREAM_ROWS = 1_000
"""How many rows a ``:stream`` holds in memory at a time."""


class Plan:
    """Everything about one statement on one dialect that does not change from call to call."""

    def __init__(
        self,
        definition: Definition,
        form: Form,
        dialect: Dialect,
        rules: Rules,
        record: type | None,
        column_kinds: Mapping[str, Kind],
        parameter_kinds: Mapping[str, Kind],
    ) -> None:
        self.definition, self.form, self.rules = definition, form, rules
        self.paramstyle = dialect.paramstyle
        self.driver_error = dialect.loaded_dbapi.Error
        self.cursors_of = rules.kept_cursors(dialect)
        self.binder = Binder(definition, rules.adapters, parameter_kinds, self.error)
        self.options = {"pydb_statement": definition.name}
        counts = definition.row_word in (RowWord.AFFECTED, RowWord.BATCH)
        self.result_options = {"preserve_rowcount": True} if counts else {}
        self.builds = record is not None or definition.record == "scalar"
        self.rows_are_typed = not self.builds and bool(column_kinds)
        self.column_kinds = column_kinds
        self.clause = self._clause(form)
        self.clauses_with_empty: dict[frozenset[str], TextClause | TextualSelect] = {}
        self.columns = Columns(form.sql, rules, record, column_kinds, self.error)
        self.run: Callable[[Connection, tuple[Any, ...], dict[str, Any]], Any] = getattr(self, definition.row_word)
        self.commits = rules.commits_by_itself(form)
        if self.commits or form.writes_outside:
            self.run = partial(self._if_possible, self.run)
        self.wire = DriverSql(definition.name, form.parts, self.paramstyle) if self.paramstyle in MARKS else None
        takes_nothing = definition.row_word.returns_no_rows
        self.short = self.wire is not None and (self.builds or takes_nothing) and not definition.sequences

    def quick(self, engine: Engine, careful: Call) -> Call | None:
        """The function for the calls to come, on connections of ``engine``; None while there is none."""
        wire, word = self.wire, self.definition.row_word
        if wire is None or (wire.named and wire.lists) or word.streams or word.takes_sets:
            return None
        if self.commits or self.form.writes_outside or len(self.binder.names) > MAX_PARAMETERS:
            return None
        if word.returns_no_rows or self.columns.builder is not None:
            return quick(self, wire, core_internals.watch(engine), careful)
        return None

    def _clause(self, form: Form) -> TextClause | TextualSelect:
        made = clause(self.definition.name, form).execution_options(**self.options)
        if not self.rows_are_typed:
            return made
        return made.columns(**{name: ValueType(name, kind) for name, kind in self.column_kinds.items()})

    def _if_possible(
        self,
        run: Callable[[Connection, tuple[Any, ...], dict[str, Any]], Any],
        conn: Connection,
        sets: tuple[Any, ...],
        parameters: dict[str, Any],
    ) -> Any:
        """Run a statement that would commit what was done before, or that writes although a transaction only reads."""
        if self.commits and self.rules.in_transaction(conn):
            message = f"{self.form.verb} would commit what this transaction has done"
            raise self.error(NotSupportedError, message, hint="call it first in a begin() block of its own")
        if self.form.writes_outside and read_connections.reads(conn):
            raise self.error(NotSupportedError, self.form.writes_outside, hint="call it in a begin() block")
        return run(conn, sets, parameters)

    # What each row word does.

    def one(self, conn: Connection, sets: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        row = self.send(conn, self._bind(sets, parameters), partial(self._first, conn))
        if row is None:
            raise self.miscounted(conn, None, None)
        return row[0]

    def maybe(self, conn: Connection, sets: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        row = self.send(conn, self._bind(sets, parameters), partial(self._first, conn))
        return None if row is None else row[0]

    def many(self, conn: Connection, sets: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        return self.send(conn, self._bind(sets, parameters), self.all)

    def affected(self, conn: Connection, sets: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        count = self.send(conn, self._bind(sets, parameters), lambda cursor: cursor.rowcount)
        return self.rules.rows_changed(conn, count)

    def exec(self, conn: Connection, sets: tuple[Any, ...], parameters: dict[str, Any]) -> None:
        self.send(conn, self._bind(sets, parameters), lambda cursor: None)

    def stream(self, conn: Connection, sets: tuple[Any, ...], parameters: dict[str, Any]) -> Iterator[Any]:
        bound = self._bind(sets, parameters)
        options = {"stream_results": True, "max_row_buffer": STREAM_ROWS}
        result = self.guarded(conn, lambda: conn.execute(*self._executable(bound), execution_options=options))
        rows = self._stream(conn, result)
        # Up to its first yield: a generator that never began would not close its cursor.
        next(rows)
        return rows

    def batch(self, conn: Connection, sets: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        if parameters or len(sets) != 1 or isinstance(sets[0], (Mapping, str)) or not isinstance(sets[0], Iterable):
            hint = f"{self.definition.name}(conn, [{{…}}, {{…}}])"
            raise self.error(ParameterError, "takes its parameter sets as one iterable", hint=hint)
        try:
            return send(self, conn, sets[0])
        except RowError as error:
            self._doom(conn, error)
            raise

    def _bind(self, sets: tuple[Any, ...], parameters: dict[str, Any]) -> dict[str, Any]:
        if sets:
            raise self.binder.by_name_only()
        return self.binder.bind(parameters)

    # The two roads.

    def send(self, conn: Connection, bound: dict[str, Any], take: Callable[[Any], Any]) -> Any:
        """Run the statement and let ``take`` read the cursor, or Core's result, before anything else happens."""
        if self.short and self.wire is not None and core_internals.may_bypass_core(conn):
            values = bound if self.wire.named else tuple([bound[name] for name in self.wire.order])
            make = conn.connection.cursor
            return self.on_cursor(conn, make, self.wire.sql, values, take, partial(self.wire.shown, ()))
        return self.guarded(conn, lambda: self._on_result(conn, bound, take))

    def on_cursor(
        self,
        conn: Connection,
        make: Callable[[], Any],
        sql: str,
        values: Any,
        take: Callable[[Any], Any],
        shown: Callable[[], str],
    ) -> Any:
        """The short road: the driver's own cursor.  ``shown`` gives the text that Core would have sent."""
        cursor: Any = None
        try:
            cursor = make()
            cursor.execute(sql, values)
            taken = take(cursor)
            cursor.close()
            return taken
        except BaseException as error:
            failure = self.failed(conn, error, shown(), cursor, values)
        raise failure

    def failed(self, conn: Connection, error: BaseException, sql: str, cursor: Any, values: Any) -> BaseException:
        """The error of ours for what was raised on the short road, after Core has done what it does about it."""
        try:
            if isinstance(error, (self.driver_error, KeyboardInterrupt, SystemExit)):
                core_internals.fail(conn, error, sql, cursor, values)
        except BaseException as wrapped:
            return self.named(wrapped, conn)
        if cursor is not None:
            # A statement that SQLite has not finished would outlive its transaction.
            cursor.close()
        return self.named(error, conn)

    def _on_result(self, conn: Connection, bound: dict[str, Any], take: Callable[[Any], Any]) -> Any:
        result = conn.execute(*self._executable(bound), execution_options=self.result_options)
        try:
            return take(result)
        finally:
            result.close()

    def _executable(self, bound: dict[str, Any]) -> tuple[Executable, dict[str, Any]]:
        """The clause and its parameters; where a list is empty, as the engine wants that written."""
        words = self.rules.empty_lists
        empty = frozenset(name for name in self.definition.sequences if not bound[name]) if words else frozenset()
        if not words or not empty:
            return self.clause, bound
        made = self.clauses_with_empty.get(empty)
        if made is None:
            made = self._clause(with_empty(self.form, empty, *words))
            # So many lists have two to the power of so many of these.
            if len(self.clauses_with_empty) < MAX_TEXTS:
                self.clauses_with_empty[empty] = made
        return made, bound

    def guarded(self, conn: Connection, work: Callable[[], Any]) -> Any:
        """The result of ``work``, or its error as one of ours.  Ours carry no context: it may hold values."""
        try:
            return work()
        except Exception as error:
            failure = self.named(error, conn)
        raise failure

    def named(self, error: BaseException, conn: Connection) -> BaseException:
        """The error of ours that names this statement, or the error itself where it has nothing to do with it."""
        if isinstance(error, exc.DBAPIError):
            name, form = self.definition.name, self.form
            return translate(error, self.rules, name=name, file=form.file, line=form.line, conn=conn)
        if isinstance(error, exc.SQLAlchemyError) or not isinstance(error, Exception):
            return error
        failure = error if isinstance(error, PydbError) else self.columns.unfit_row(error) or error
        if isinstance(failure, RowError):
            self._doom(conn, failure)
        return failure

    def _doom(self, conn: Connection, error: RowError) -> None:
        """Let a block not commit what a statement changed that then broke its header's word; NoRow changed nothing."""
        block = state_of(conn)
        if block is not None and self.form.verb in CHANGES_ROWS and not isinstance(error, NoRow):
            block.note(conn, self.definition.name)

    # Rows.

    def all(self, cursor: Any) -> list[Any]:
        if not self.builds:
            self.columns.check(cursor)
            return list(cursor)
        build = self.columns.builder_for(cursor)
        return build.many(cursor if isinstance(cursor, CursorResult) else self.rules.rows(cursor))

    def _first(self, conn: Connection, cursor: Any) -> tuple[Any] | None:
        """The one row, in a tuple because a scalar may be None, or None for no row.  Raises TooManyRows."""
        build = None
        if self.builds:
            # Before the rows are read: Core's result forgets its description with the last row.
            build = self.columns.builder_for(cursor)
        else:
            self.columns.check(cursor)
        row = cursor.fetchone()
        if row is None:
            return None
        if cursor.fetchone() is not None:
            raise self.miscounted(conn, cursor, row)
        return (build.one(row) if build else row,)

    def miscounted(self, conn: Connection, cursor: Any, row: Any) -> PydbError:
        """The error of a ``:one`` without a row, or of a ``:one`` or ``:maybe`` with more than one."""
        if row is None:
            return self.error(NoRow, "returned no row", hint="use :maybe where no row is an answer")
        cursor.close()
        return self.error(TooManyRows, "returned more than one row", hint="use :many")

    def _stream(self, conn: Connection, result: CursorResult[Any]) -> Iterator[Any]:
        """Nothing once, and then the rows."""
        try:
            # Before the first fetch: a result whose last row was read has no columns any more.
            if not self.builds:
                self.columns.check(result)
            build: Callable[[Any], list[Any]] = self.columns.builder_for(result).many if self.builds else list
            self.rules.begin_stream(result.cursor)
            clear = self.builds and core_internals.may_bypass_core(conn)
            yield None
            # One row of a server's cursor is in Core's hands already, to learn the columns.
            size = 1 if clear else STREAM_ROWS
            while rows := self.guarded(conn, partial(self._fetch, conn, result, size)):
                yield from self.guarded(conn, lambda: build(rows))
                if clear:
                    size = 0
        finally:
            result.close()

    def _fetch(self, conn: Connection, result: CursorResult[Any], size: int) -> Any:
        """The next ``size`` rows of a stream, of Core's; with 0 the driver's own, where the road is clear."""
        if conn.closed:
            # Some engines would go on reading, from a connection that is somebody else's by now.
            raise exc.ResourceClosedError(f"the connection of the stream {self.definition.name} is closed")
        if size or result.cursor is None:
            return result.fetchmany(size or STREAM_ROWS)
        try:
            return result.cursor.fetchmany(STREAM_ROWS)
        except self.driver_error as error:
            failure = self.failed(conn, error, str(self.clause), result.cursor, None)
        raise failure

    def error(self, kind: type[PydbError], message: str, hint: str | None = None) -> PydbError:
        form = self.form
        return kind(message, statement_name=self.definition.name, file=form.file, line=form.line, hint=hint)
