"""Insert rows and call statements on one engine: its database with the schema and the functions in, answers out.

Everything runs in transactions that are rolled back, so the database stays empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from pydb.database import Database
from pydb.database.error_translation import translated
from pydb.errors import ConstraintViolation, DatabaseError, PydbError
from pydb.execution.result_columns import UNFIT
from pydb.execution.runner import Runner
from pydb.prove.adverse import AdverseValues, Ask, adverse_of
from pydb.prove.answers import Answer, Rows, rows_of
from pydb.prove.calls import Arguments, as_list
from pydb.prove.promise import broken_promise, broken_row, hints_of
from pydb.prove.tables import Table
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.statement import Statement

__all__ = ["EngineUnderTest", "Row"]

Row = Mapping[str, Any]


class EngineUnderTest:
    """An engine that is compared with others: its scratch database, and the functions of a generated package.

    ``functions`` has the functions of the statements that have a form on the engine.
    """

    def __init__(self, engine: str, database: Database, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.engine, self.database, self.functions = engine, database, functions
        self.adverse: AdverseValues = adverse_of(engine)
        self._conn: Connection | None = None
        self._statements: dict[tuple[str, str], Statement] = {}

    @property
    def conn(self) -> Connection:
        """The connection of the open transaction."""
        assert self._conn is not None, "no transaction is open"
        return self._conn

    def ask(self) -> Ask:
        """A function that runs a query on the open connection."""
        return lambda query: self.conn.exec_driver_sql(query, execution_options={"no_parameters": True}).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that is rolled back at the end of the block."""
        with self.database.connect() as conn:
            transaction = conn.begin()
            self._conn = conn
            try:
                yield
            finally:
                self._conn = None
                if transaction.is_active:
                    transaction.rollback()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """A savepoint that is rolled back at the end of the block."""
        savepoint = self.conn.begin_nested()
        try:
            yield
        finally:
            if savepoint.is_active:
                savepoint.rollback()

    def insert(self, table: Table, row: Row) -> str | None:
        """Insert a row into a table.  Return None, or the reason why the database refused it."""
        statement = self._statement("insert", table)
        savepoint = self.conn.begin_nested()
        try:
            with translated(self.database.rules):
                statement(self.conn, **{f"p{place}": row[column.name] for place, column in enumerate(table.written)})
        except PydbError as error:
            savepoint.rollback()
            return _objection(error)
        savepoint.commit()
        return None

    def rows(self, table: Table) -> Rows:
        """The rows of a table, with all its columns."""
        with translated(self.database.rules):
            return [tuple(row) for row in self._statement("select", table)(self.conn)]

    def call(self, name: str, arguments: Arguments, seen: Sequence[Table]) -> Answer:
        """Call a statement's function, and undo its changes; ``seen`` are the tables whose rows it may have changed."""
        given, named = arguments
        function = self.functions[name]
        promised = hints_of(function)["return"]
        with self.undone():
            try:
                with translated(self.database.rules):
                    result, annotation = as_list(function(self.conn, *given, **named), promised)
                names, rows = rows_of(result)
                broken = broken_promise(result, annotation)
                shown = "" if broken is None else f"row {broken_row(result, annotation)!r}"
                tables = {table.name: (tuple(c.name for c in table.columns), self.rows(table)) for table in seen}
                return Answer(names, rows, text=shown, broken=broken, tables=tables)
            except Exception as error:
                return self._failed(error)

    def _failed(self, error: Exception) -> Answer:
        text = error.message if isinstance(error, PydbError) else str(error)
        of_the_data = getattr(error, "hint", None) == UNFIT  # Python has no such value, and the error names it
        if isinstance(error, DatabaseError):
            text += f" ({error.orig})" if error.orig is not None and text not in str(error.orig) else ""
            of_the_data = self.adverse.is_of_the_data(error)
        return Answer(error=type(error).__name__, text=" ".join(text.split()), of_the_data=of_the_data)

    def _statement(self, what: str, table: Table) -> Statement:
        """The INSERT or SELECT of a table, as a statement of pydb, which converts the values as in any statement."""
        found = self._statements.get((what, table.name))
        if found is None:
            quote = self.database.engine.dialect.identifier_preparer.quote
            name = ".".join(map(quote, table.name.split(".")))
            text = self._insert(name, table, quote) if what == "insert" else _select(name, table, quote)
            (parsed,) = parse_file(text, table.name, "prove", self.engine)
            definition = definition_of({self.engine: parsed})
            found = self._statements[what, table.name] = Statement(definition, Runner(definition, {}))
        return found

    def _insert(self, name: str, table: Table, quote: Callable[[str], str]) -> str:
        types = "".join(
            f"-- @param p{place} {column.word}{'?' * column.nullable}\n"
            for place, column in enumerate(table.written)
            if column.word is not None
        )
        columns = ", ".join(quote(column.name) for column in table.written)
        values = ", ".join(f":p{place}" for place in range(len(table.written)))
        return f"-- name: put :exec\n{types}{self.adverse.insert(name, columns, values)};\n"


def _objection(error: PydbError) -> str:
    """The constraint and its columns if the error names them, or else the database's message."""
    if isinstance(error, ConstraintViolation) and (error.constraint or error.columns):
        return " ".join(filter(None, (error.constraint, *error.columns)))
    return str(error.orig if isinstance(error, DatabaseError) and error.orig is not None else error.message)


def _select(name: str, table: Table, quote: Callable[[str], str]) -> str:
    # If no type fits a column on every engine, its values are returned as the driver returns them.
    types = "".join(f"-- @column c{n} {column.word}?\n" for n, column in enumerate(table.columns) if column.word)
    columns = ", ".join(f"{quote(column.name)} AS c{n}" for n, column in enumerate(table.columns))
    return f"-- name: seen :many\n{types}SELECT {columns} FROM {name};\n"
