"""Run a script file on a connection: the file in; its checked statements, which have run, out."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from pydb.database.error_translation import translated
from pydb.engines.base import Rules
from pydb.engines.script_bounds import checked, run_checked
from pydb.errors import ParameterError, SqlFileError
from pydb.sqlfile.loader import file_text

__all__ = ["Script"]


class Script:
    """The statements of a script file, for one connection in a transaction.

    Raises SqlFileError for a file that cannot be read, and for a statement that controls the transaction or reaches
    beyond the database.  Nothing runs before ``run``.
    """

    def __init__(self, file: str | PathLike[str], rules: Rules, conn: Connection) -> None:
        self._file, self._rules, self._conn = str(Path(file)), rules, conn
        text = _text(self._file)
        self._send = partial(conn.exec_driver_sql, execution_options={"no_parameters": True})
        self._bounds = rules.script_bounds(lambda query: self._send(query).fetchall())
        self._statements = checked(rules.statements(text), self._bounds, self._file)

    def run(self) -> None:
        """Run the statements.  Raises DatabaseError for a statement that the engine refuses."""
        self._rules.keep_apart(self._conn)  # a dump changes many settings of its session, and does not reset them
        driver: Any = self._conn.connection.dbapi_connection
        try:
            with self._rules.confined(driver):
                run_checked(self._statements, self._bounds, self._file, self._execute)
        finally:
            if self._conn.invalidated:
                # Core does not close a connection that is detached from its pool.
                with suppress(self._conn.dialect.loaded_dbapi.Error):
                    driver.close()

    def _execute(self, line: int, statement: str) -> None:
        with translated(self._rules, file=self._file, line=line):
            self._send(statement)


def _text(file: str) -> str:
    try:
        return file_text(file)
    except SqlFileError as error:
        if "\n" in file or ";" in file:
            hint = "write it into a file; for one statement: conn.exec_driver_sql(…)"
            raise ParameterError("apply() takes the path of a script, not its text", hint=hint) from None
        cause = error.__cause__
        why = type(cause).__name__ if isinstance(cause, OSError) else f"line {error.line}: {error.message}"
        raise SqlFileError(f"cannot be read: {why}", file=file, hint=error.hint) from None
