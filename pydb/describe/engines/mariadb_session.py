"""MariaDB as a Session: a form in; its columns, which the server reports when it prepares the form, out.

PyMySQL has no method for COM_STMT_PREPARE, so the session sends that command itself.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.described import DescribedParameter
from pydb.describe.engines.mariadb_catalogue import fingerprint, read_catalogue
from pydb.describe.engines.mariadb_literals import agreed, literals, with_nulls
from pydb.describe.engines.mariadb_moments import with_moments
from pydb.describe.engines.mariadb_scratch import MariadbServer
from pydb.describe.server_sessions import ServerSessions
from pydb.describe.session import Execute, Prepared, RawColumn, Refused, Session, place_of_name
from pydb.engines import registration
from pydb.engines.mariadb.script_bounds import MariadbBounds
from pydb.engines.script_bounds import Bounds
from pydb.sqlfile.definition import Form
from pydb.sqlfile.lexer import token_list
from pydb.sqlfile.rendering import by_name, render_with_offsets

if TYPE_CHECKING:
    import pymysql

__all__ = ["MariadbSession", "MariadbSessions"]

_PREPARE, _CLOSE = 0x16, 0x19
_BINARY = 63
"""The number of the character set ``binary``, which values that are not text have."""

_NUMBERS = {0: "decimal", 1: "tinyint", 2: "smallint", 3: "int", 4: "float", 5: "double", 8: "bigint", 9: "mediumint"}
_TIMES = {7: "timestamp", 10: "date", 11: "time", 12: "datetime", 13: "year"}
_TEXTS = {15: "varchar", 253: "varchar", 254: "char", 247: "enum", 248: "set"}
_LONG = (249, 250, 251, 252)
_NEAR = re.compile(r"near '(.*)' at line (\d+)\Z", re.DOTALL)


_PASSING = re.compile(
    "timestamp|pseudo_|rand_seed|identity|last_insert_id|insert_id|last_gtid|gtid_|warning_count|error_count|"
    "in_transaction|wsrep_"
)
"""The beginnings of names of variables that do not affect descriptions, and may change at any time."""


class MariadbSession:
    """A session on one connection; ``release`` is called when it is closed, ``renew`` returns a new connection."""

    def __init__(
        self, engine: str, connection: pymysql.Connection[Any], release: Callable[[], None], renew: Callable[[], Any]
    ) -> None:
        driver: Any = connection
        self.connection = driver
        self._release = release
        self._renew = renew
        self.engine = engine
        connection.autocommit(True)
        version = str(driver.server_version).removeprefix("5.5.5-")
        self.product = f"{registration(engine).product} {version.partition('-')[0]}"
        self.catalogue = read_catalogue(connection, engine)

    @contextmanager
    def script(self) -> Iterator[Execute]:
        """A context whose function runs a schema's statements."""
        import pymysql

        with self.connection.cursor() as cursor:

            def execute(line: int, statement: str) -> None:
                try:
                    cursor.execute(statement)
                except pymysql.Error as error:
                    raise Refused(_message(error), line) from None

            yield execute
        # The script's settings end with its session.
        self.connection = self._renew()
        self.connection.autocommit(True)
        self.catalogue = read_catalogue(self.connection, self.engine)

    def script_bounds(self) -> Bounds:
        return MariadbBounds(self.ask)

    def ask(self, query: str) -> tuple[Any, ...]:
        """The rows of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            return tuple(cursor.fetchall())

    def prepare(self, form: Form, analysis: Analysis) -> Prepared:
        return Prepared(self._columns(form, analysis, lambda _: "?"), {})

    def as_called(
        self, form: Form, analysis: Analysis, prepared: Prepared, parameters: Mapping[str, DescribedParameter]
    ) -> Prepared:
        """``prepared``, with the column types that a call with parameters of these types gets."""
        columns = prepared.columns
        if parameters and any(column.table is None for column in columns):
            columns = self._with_literals(form, analysis, columns, parameters)
        return Prepared(with_moments(columns, analysis, parameters), {})

    def _with_literals(
        self,
        form: Form,
        analysis: Analysis,
        columns: Sequence[RawColumn],
        parameters: Mapping[str, DescribedParameter],
    ) -> tuple[RawColumn, ...]:
        """The columns, with the types that they have if literals replace the parameters."""
        types, nulls = (
            self._types(form, analysis, ways, len(columns)) for ways in (literals(parameters), with_nulls(parameters))
        )
        return tuple(
            column
            if column.table is not None
            else agreed(column, [each[place] for each in types], [each[place] for each in nulls], self.engine)
            for place, column in enumerate(columns)
        )

    def _types(
        self, form: Form, analysis: Analysis, ways: Iterable[Mapping[str, str]], count: int
    ) -> list[list[str | None]]:
        """The types of the columns for each set of literals, except for those that the server refuses."""
        found = []
        for values in ways:
            # If a place accepts no such literal, no call can pass such a value.
            with suppress(Refused):
                found.append([column.type for column in self._columns(form, analysis, values.__getitem__)])
        return [types for types in found if len(types) == count]

    def _columns(self, form: Form, analysis: Analysis, spell: Callable[[str], str]) -> tuple[RawColumn, ...]:
        sql, back = render_with_offsets(form.parts, by_name(spell))
        columns = self._described(sql, back)
        return self._returning(sql, analysis) if form.returning and not columns else columns

    def _described(self, sql: str, back: Any) -> tuple[RawColumn, ...]:
        import pymysql

        try:
            return self._prepare(sql)
        except pymysql.Error as error:
            raise Refused(_message(error), _offset(error, sql, back)) from None

    def _prepare(self, sql: str) -> tuple[RawColumn, ...]:
        """The columns of a prepared statement.  Source: https://mariadb.com/kb/en/com_stmt_prepare/."""
        from pymysql.protocol import FieldDescriptorPacket

        connection = self.connection
        connection._execute_command(_PREPARE, sql.encode())
        answer = connection._read_packet()
        statement, count, parameters = struct.unpack_from("<xIHH", answer._data)
        for _ in range(parameters):
            connection._read_packet(FieldDescriptorPacket)
        if parameters:
            connection._read_packet()
        fields = [connection._read_packet(FieldDescriptorPacket) for _ in range(count)]
        if count:
            connection._read_packet()
        # The server does not answer COM_STMT_CLOSE.
        connection._execute_command(_CLOSE, struct.pack("<I", statement))
        connection._next_seq_id = 0
        return tuple(self._column(field) for field in fields)

    def _column(self, field: Any) -> RawColumn:
        table = self.catalogue.tables.get(field.org_table)
        origin = table.columns.get(field.org_name) if table is not None else None
        if origin is None:
            return RawColumn(field.name, _type(field))
        return RawColumn(field.name, origin.type, field.org_table, field.org_name)

    def _returning(self, sql: str, analysis: Analysis) -> tuple[RawColumn, ...]:
        """The columns of RETURNING, of which the server reports nothing: a SELECT of the same list is described."""
        target = analysis.tree.this if isinstance(analysis.tree, exp.Insert | exp.Delete) else None
        target = target.this if isinstance(target, exp.Schema) else target
        place = _returning_place(sql)
        if not isinstance(target, exp.Table) or place is None:
            return ()
        name = target.name.replace("`", "``")
        return self._described(f"SELECT {sql[place:]} FROM `{name}`", lambda offset: None)

    def fingerprint(self, spaces: Collection[str] = ()) -> Mapping[str, str]:
        return fingerprint(self.connection)

    def settings(self) -> Collection[str]:
        import pymysql

        variables = (
            f"{name}={value}" for name, value in self.ask("SHOW SESSION VARIABLES") if not _PASSING.match(name)
        )
        plugins = self.ask("SELECT plugin_name, plugin_version, plugin_status FROM information_schema.plugins")
        return [pymysql.__version__, *variables, *map(str, plugins)]

    def elsewhere(self) -> Collection[str]:
        return [str(name) for (name,) in self.ask("SELECT schema_name FROM information_schema.schemata")]

    def close(self) -> None:
        self._release()


class MariadbSessions(ServerSessions):
    """Sessions on a server of this engine.

    No session is read-only: MariaDB refuses to prepare an UPDATE in a read-only session.  Preparing changes nothing.
    """

    server = MariadbServer()

    def session(self, connection: Any, release: Callable[[], None], renew: Callable[[], Any]) -> Session:
        return MariadbSession(self.engine, connection, release, renew)


def _type(field: Any) -> str | None:
    code, length, binary = field.type_code, field.length, field.charsetnr == _BINARY
    if code in _NUMBERS:
        return f"{_NUMBERS[code]}(1)" if code == 1 and length == 1 else _NUMBERS[code]
    if code == 246:
        return f"decimal({length},{field.scale})"
    if code in _TIMES:
        return _TIMES[code]
    if code in _TEXTS:
        return "varbinary" if binary else _TEXTS[code]
    if code in _LONG:
        return "longblob" if binary else "longtext"
    return "bit" if code == 16 else None


def _message(error: Exception) -> str:
    return str(error.args[1]) if len(error.args) > 1 else str(error)


def _offset(error: Exception, sql: str, back: Any) -> int | None:
    """The offset at which the server stopped reading; for an unknown name, the position of the name."""
    message = _message(error)
    near = _NEAR.search(message)
    if near:
        place = sql.find(near.group(1)) if near.group(1) else len(sql.rstrip()) - 1
    else:
        names = re.findall(r"'([^']+)'", message)
        found = place_of_name(sql, names[0], "mariadb") if names else None
        place = -1 if found is None else found
    return None if place < 0 else back(place)


def _returning_place(sql: str) -> int | None:
    """The position after the last RETURNING outside brackets."""
    code = token_list(sql, "mariadb")
    last = max(code.top("RETURNING"), default=None)
    return None if last is None else code.tokens[last].start + len(code.tokens[last].text)
