"""SQLite as a Session: a form in; its columns, which apsw reports, out.

Python's sqlite3 may contain an older SQLite than apsw.  It must accept the statement too.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.described import DescribedParameter
from pydb.describe.engines.sqlite_catalogue import fingerprint, read_catalogue
from pydb.describe.session import Execute, Prepared, RawColumn, Refused, Session, Sessions, place_of_name
from pydb.engines import registration
from pydb.engines.script_bounds import Bounds
from pydb.engines.sqlite.script_bounds import SqliteBounds, authorize
from pydb.errors import PydbError
from pydb.sqlfile.definition import Form
from pydb.sqlfile.lexer import token_list
from pydb.sqlfile.rendering import as_written, render_with_offsets
from pydb.sqlfile.tokens import QUOTED, WORD

if TYPE_CHECKING:
    import apsw
    from sqlalchemy.engine import URL

__all__ = ["SqliteSession", "SqliteSessions"]

_COMPOUND = frozenset({"union", "intersect", "except", "values"})
_NOT_EXPLAINED = ("EXPLAIN", "PRAGMA", "ATTACH", "DETACH", "VACUUM", "ANALYZE", "REINDEX")


class SqliteSession:
    """A session in a database in memory; with ``file``, in that existing database, opened read-only."""

    def __init__(self, engine: str, file: str | None = None) -> None:
        import apsw

        self.engine = engine
        self._apsw = apsw
        address = ":memory:" if file is None else f"{Path(file.removeprefix('file:')).absolute().as_uri()}?mode=ro"
        self._reads = file is not None
        self._address = address
        self.newer, self.older = self._connect()
        self.product = f"{registration(engine).product} {apsw.sqlite_lib_version()} and {sqlite3.sqlite_version}"
        self._read_catalogue()

    def _read_catalogue(self) -> None:
        self.catalogue = read_catalogue(self.newer, self.engine)
        views = {name.lower() for name, table in self.catalogue.tables.items() if table.is_view}
        self._compound = frozenset(views | _COMPOUND)

    def _connect(self) -> tuple[apsw.Connection, sqlite3.Connection]:
        import apsw

        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        if self._reads:
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        newer: apsw.Connection = apsw.Connection(self._address, flags=flags)
        # "nosuch" in double quotes is an unknown name, never a string.
        newer.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
        older = sqlite3.connect(self._address, uri=True, isolation_level=None)
        for connection in (newer, older):
            connection.execute("PRAGMA foreign_keys = ON")
        return newer, older

    def _renew(self) -> None:
        """Replace the connections by new ones to the same database: a script's settings end with the old ones."""
        newer, older = self._connect()
        with newer.backup("main", self.newer, "main") as copying:
            copying.step()
        self.older.backup(older)
        self.close()
        self.newer, self.older = newer, older

    @contextmanager
    def script(self) -> Iterator[Execute]:
        """A context whose function runs a schema's statements, in one transaction as ``Database.apply`` does."""
        self.newer.authorizer = authorize
        self.older.set_authorizer(authorize)
        for connection in (self.older, self.newer):
            connection.execute("BEGIN")
        yield self._execute
        for connection in (self.older, self.newer):
            connection.execute("COMMIT")
        self._renew()
        self._read_catalogue()

    def _execute(self, line: int, statement: str) -> None:
        try:
            self.older.execute(statement)  # first, because sqlite3 refuses more than one statement
            self.newer.execute(statement)
        except (self._apsw.Error, sqlite3.Error) as error:
            raise Refused(_words(error), line) from None

    def script_bounds(self) -> Bounds:
        return SqliteBounds()

    def ask(self, query: str) -> list[Any]:
        """The rows of a query."""
        return list(self.newer.execute(query))

    def prepare(self, form: Form, analysis: Analysis) -> Prepared:
        sql, back = render_with_offsets(form.parts, as_written)
        names = {part.name: None for part in form.parts if not isinstance(part, str)}
        try:
            found = self._described(sql, names)
        except self._apsw.Error as error:
            offset = _offset(error, sql, self.engine)
            raise Refused(_words(error), None if offset is None else back(offset)) from None
        self._explain(form, sql, names)
        one_query = self._is_one_query(sql)
        columns = tuple(
            RawColumn(
                name,
                type_.lower() if type_ and one_query else None,
                table if one_query else None,
                origin if one_query else None,
            )
            for name, type_, _, table, origin in found
        )
        return Prepared(columns, {})

    def _described(self, sql: str, names: Mapping[str, None]) -> Sequence[tuple[str, str | None, Any, Any, Any]]:
        """The columns as the newer SQLite describes them; the statement is prepared, but not run."""
        found: list[Any] = []

        def trace(cursor: apsw.Cursor, sql: str, bindings: apsw.Bindings | None) -> bool:
            found.extend(cursor.description_full)
            return False

        cursor = self.newer.cursor()
        cursor.exec_trace = trace
        with suppress(self._apsw.ExecTraceAbort):
            cursor.execute(sql, MappingProxyType(_Nulls(names)), can_cache=False)
        return found

    def _is_one_query(self, sql: str) -> bool:
        """Whether SQLite's report is true of all rows: for a UNION, or a view of one, it is that of the first query."""
        lower = sql.lower()
        wanted = self._compound
        if not any(word in lower for word in wanted):
            return True
        tokens = token_list(sql, self.engine).tokens
        return wanted.isdisjoint(token.text.strip('`"[]').lower() for token in tokens if token.kind in (WORD, QUOTED))

    def _explain(self, form: Form, sql: str, names: Mapping[str, None]) -> None:
        if form.verb.upper() in _NOT_EXPLAINED:
            return
        try:
            self.older.execute(f"EXPLAIN {sql}", _Nulls(names))
        except sqlite3.Error as error:
            raise Refused(f"{error} (SQLite {sqlite3.sqlite_version}, Python's own)") from None

    def as_called(
        self, form: Form, analysis: Analysis, prepared: Prepared, parameters: Mapping[str, DescribedParameter]
    ) -> Prepared:
        """``prepared`` itself: the types of its columns do not depend on the call."""
        return prepared

    def fingerprint(self, spaces: Collection[str] = ()) -> Mapping[str, str]:
        return fingerprint(self.newer)

    def settings(self) -> Collection[str]:
        options = (connection.execute("PRAGMA compile_options") for connection in (self.newer, self.older))
        return [f"{place} {name}" for place, rows in enumerate(options) for (name,) in rows]

    def elsewhere(self) -> Collection[str]:
        return ()

    def close(self) -> None:
        self.newer.close()
        self.older.close()


class SqliteSessions(Sessions):
    """Opens sessions on SQLite: a scratch database is in memory, an existing one is a file that is opened read-only."""

    @contextmanager
    def scratch(self, url: URL | None) -> Iterator[Session]:
        session = SqliteSession(self.engine)
        try:
            yield session
        finally:
            session.close()

    @contextmanager
    def database(self, url: URL | None) -> Iterator[URL]:
        with TemporaryDirectory(prefix="pydb-scratch-") as folder:
            from sqlalchemy.engine import URL

            speaks = url or URL.create(registration(self.engine).dialects[0])
            yield speaks.set(database=str(Path(folder, "scratch.db")))

    def existing(self, url: URL) -> Session:
        import apsw

        from pydb.database.url import displayed_url

        try:
            return SqliteSession(self.engine, url.database or None)
        except apsw.Error as error:
            raise PydbError(
                f"{displayed_url(url).database} cannot be opened: {error}", hint="create it first: pydb schema apply"
            ) from None


class _Nulls(dict[str, None]):
    """Parameters that are all NULL, whatever their names are."""

    def __missing__(self, name: str) -> None:
        return None


def _offset(error: Exception, sql: str, engine: str) -> int | None:
    """The offset of an error in characters: SQLite reports it in bytes, or names the unknown name."""
    place = getattr(error, "error_offset", -1)
    if place >= 0:
        return len(sql.encode()[:place].decode(errors="ignore"))
    name = re.search(r"no such (?:table|column|function): (\S+)|no column named (\S+)", str(error))
    return place_of_name(sql, name[1] or name[2], engine) if name else None


def _words(error: Exception) -> str:
    text = str(error)
    return text.removeprefix("SQLError: ")
