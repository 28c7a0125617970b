"""PostgreSQL as a Session: a form in; its columns and parameter types, which the server reports, out.

The session prepares and describes statements by psycopg's interface to libpq.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.described import DescribedParameter
from pydb.describe.engines.postgresql_catalogue import fingerprint, read_catalogue
from pydb.describe.engines.postgresql_scratch import PostgresqlServer
from pydb.describe.server_sessions import ServerSessions
from pydb.describe.session import Execute, Prepared, RawColumn, Refused, Session
from pydb.engines import registration
from pydb.engines.postgresql.script_bounds import PostgresqlBounds
from pydb.engines.script_bounds import Bounds
from pydb.sqlfile.definition import Form
from pydb.sqlfile.rendering import by_name, render_with_offsets

if TYPE_CHECKING:
    import psycopg

__all__ = ["PostgresqlSession", "PostgresqlSessions"]

_TYPE = """
SELECT
    format_type(t.oid, %s), t.typtype = 'e',
    CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE 0 END, t.typtypmod,
    CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END
FROM pg_type AS t
WHERE t.oid = %s
"""

_ORIGIN = """
SELECT CASE WHEN pg_table_is_visible(c.oid) THEN '' ELSE n.nspname || '.' END || c.relname, a.attname
FROM pg_attribute AS a
INNER JOIN pg_class AS c ON c.oid = a.attrelid
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE a.attrelid = %s AND a.attnum = %s
"""


# A new database contains the objects of template1, which are not in the schema script.
_SETTINGS = (
    "SELECT version(), current_user, session_user, current_schemas(true)",
    "SELECT name, setting FROM pg_settings WHERE name NOT IN ('application_name', 'transaction_isolation')",
    "SELECT name, default_version FROM pg_available_extensions",
    "SELECT extname, extversion FROM pg_extension",
    "SELECT oid::regprocedure::text, prorettype::regtype::text, proretset, proisstrict, provolatile, prokind "
    "FROM pg_proc WHERE oid >= 16384",
    "SELECT oprname, oprleft::regtype::text, oprright::regtype::text, oprresult::regtype::text "
    "FROM pg_operator WHERE oid >= 16384",
    "SELECT castsource::regtype::text, casttarget::regtype::text, castcontext FROM pg_cast WHERE oid >= 16384",
    "SELECT oid::regtype::text, typtype, typbasetype::regtype::text FROM pg_type WHERE oid >= 16384",
)
"""Queries for everything besides the schema script that changes how a server describes a statement."""


class PostgresqlSession:
    """A session on one connection in autocommit mode.

    ``release`` is called when the session is closed; ``renew`` closes the connection and returns a new one.
    """

    def __init__(
        self, engine: str, connection: psycopg.Connection[Any], release: Callable[[], None], renew: Callable[[], Any]
    ) -> None:
        self.connection = connection
        self._release = release
        self._renew = renew
        self.engine = engine
        connection.autocommit = True
        self._types: dict[tuple[int, int], str | None] = {}
        self._origins: dict[tuple[int, int], tuple[str, str] | None] = {}
        version = connection.info.server_version
        self.product = f"{registration(engine).product} {version // 10000}.{version % 10000}"
        self.catalogue = read_catalogue(connection, engine)

    @contextmanager
    def script(self) -> Iterator[Execute]:
        """A context whose function runs a schema's statements, in one transaction as ``Database.apply`` does."""
        self._execute(1, "BEGIN")
        yield self._execute
        self._execute(1, "COMMIT")
        # The script's settings end with its session.
        self.connection = self._renew()
        self.connection.autocommit = True
        self.catalogue = read_catalogue(self.connection, self.engine)

    def script_bounds(self) -> Bounds:
        return PostgresqlBounds(self.ask)

    def ask(self, query: str) -> list[Any]:
        """The rows of a query."""
        return self.connection.execute(query.encode()).fetchall()

    def _execute(self, line: int, statement: str) -> None:
        # The extended protocol accepts only one statement at a time.
        self.connection.pgconn.send_query_params(statement.encode(), None)
        result = self._answer()
        if result.error_message:
            raise Refused(_message(result), line)

    def prepare(self, form: Form, analysis: Analysis) -> Prepared:
        numbers: dict[str, int] = {}
        sql, back = render_with_offsets(
            form.parts, by_name(lambda name: f"${numbers.setdefault(name, len(numbers) + 1)}")
        )
        pgconn = self.connection.pgconn
        pgconn.send_prepare(b"", sql.encode())
        result = self._answer()
        if result.error_message:
            place = _field(result, "STATEMENT_POSITION")
            raise Refused(_named(_message(result), numbers, form), back(int(place) - 1) if place else None)
        pgconn.send_describe_prepared(b"")
        described = self._answer()
        if described.error_message:
            raise Refused(_named(_message(described), numbers, form))
        columns = tuple(self._column(described, index) for index in range(described.nfields))
        types = {name: self._type(described.param_type(number - 1), -1) for name, number in numbers.items()}
        return Prepared(columns, {name: type_ for name, type_ in types.items() if type_ is not None})

    def _answer(self) -> Any:
        """The server's answer; psycopg waits for it, because a wait inside libpq could not be interrupted."""
        from psycopg import generators

        return self.connection.wait(generators.execute(self.connection.pgconn))[-1]

    def _column(self, result: Any, index: int) -> RawColumn:
        table, column = self._origin(result.ftable(index), result.ftablecol(index)) or (None, None)
        name = result.fname(index).decode()
        return RawColumn(name, self._type(result.ftype(index), result.fmod(index)), table, column)

    def _type(self, oid: int, modifier: int) -> str | None:
        key = (oid, modifier)
        if key not in self._types:
            row = self.connection.execute(_TYPE, (modifier, oid)).fetchone()
            self._types[key] = None if row is None else self._spelled(row, modifier)
        return self._types[key]

    def _spelled(self, row: Any, modifier: int) -> str | None:
        """The name of a type: ``enum``, the base type of a domain, or the type of an array's items with ``[]``."""
        name, is_enum, base, base_modifier, item = row
        if is_enum:
            return "enum"
        if base:
            return self._type(base, base_modifier)
        if item:
            spelled = self._type(item, modifier)
            return None if spelled is None else f"{spelled}[]"
        return str(name)

    def _origin(self, table: int, column: int) -> tuple[str, str] | None:
        if not table or not column:
            return None
        key = (table, column)
        if key not in self._origins:
            row = self.connection.execute(_ORIGIN, key).fetchone()
            self._origins[key] = None if row is None else (str(row[0]), str(row[1]))
        return self._origins[key]

    def as_called(
        self, form: Form, analysis: Analysis, prepared: Prepared, parameters: Mapping[str, DescribedParameter]
    ) -> Prepared:
        """``prepared`` itself: the types of its columns do not depend on the call."""
        return prepared

    def fingerprint(self, spaces: Collection[str] = ()) -> Mapping[str, str]:
        return fingerprint(self.connection, spaces or self.catalogue.namespaces)

    def settings(self) -> Collection[str]:
        import psycopg

        return [psycopg.__version__, *(str(row) for query in _SETTINGS for row in self.ask(query))]

    def elsewhere(self) -> Collection[str]:
        return ()

    def close(self) -> None:
        self._release()


class PostgresqlSessions(ServerSessions):
    """Sessions on a server of this engine."""

    server = PostgresqlServer()

    def session(self, connection: Any, release: Callable[[], None], renew: Callable[[], Any]) -> Session:
        return PostgresqlSession(self.engine, connection, release, renew)

    def only_read(self, session: Any) -> None:
        session.connection.execute("SET default_transaction_read_only = on")


def _field(result: Any, name: str) -> str | None:
    from psycopg.pq import DiagnosticField

    value = result.error_field(DiagnosticField[name])
    return None if value is None else str(value.decode())


def _message(result: Any) -> str:
    return _field(result, "MESSAGE_PRIMARY") or "refused"


def _named(message: str, numbers: Mapping[str, int], form: Form) -> str:
    """The server's message, with ``parameter $1`` replaced by the name that the file gives the parameter."""
    for name, number in sorted(numbers.items(), key=lambda item: -item[1]):
        message = message.replace(f"parameter ${number}", f"parameter :{form.written(name)}")
    return message
