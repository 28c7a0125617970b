"""Write and prove rights on PostgreSQL: what a text touches in; GRANT statements, and a role to test them, out.

A right on a table or column is checked when the plan's execution begins, also in EXPLAIN (ExecCheckPermissions); on a
schema when a name is looked up; on a function when the plan's expressions are initialized; on a sequence when its
function runs.  Sources: https://www.postgresql.org/docs/current/sql-grant.html,
https://www.postgresql.org/docs/current/sql-insert.html, https://www.postgresql.org/docs/current/sql-select.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import Any

import psycopg

from pydb.describe import DescribedStatement
from pydb.describe.catalogue import Catalogue
from pydb.errors import PydbError
from pydb.usage.engines.postgresql_plans import numbered
from pydb.usage.rights import Draft, EngineRights, Right
from pydb.usage.touch import Act

__all__ = ["PostgresqlRights"]

# A default refers to the sequence directly; USAGE on its schema is needed only to look up a name.
_NEXT_OF_DEFAULT = """
SELECT nextval(c.oid) FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND {} = CASE
    WHEN pg_table_is_visible(c.oid) THEN quote_ident(c.relname)
    ELSE quote_ident(n.nspname) || '.' || quote_ident(c.relname)
END
"""

_LONGEST_NAME = 63
_TRIED = "pydb_tried"


class PostgresqlRights(EngineRights):
    """Rights on columns, if the server has them."""

    def quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def role(self, name: str) -> str:
        if not name or "\0" in name or len(name.encode()) > _LONGEST_NAME:
            raise PydbError("a role's name has 1 to 63 bytes", hint="the name of an existing role, without quotes")
        return self.quoted(name)

    def table(self, name: str, catalogue: Catalogue) -> str:
        facts = catalogue.tables[name]
        bare = self.quoted(facts.bare_name)
        return bare if facts.visible else f"{self.quoted(facts.schema or '')}.{bare}"

    def refine(self, draft: Draft) -> None:
        for touch in draft.touches:
            facts = draft.catalogue.tables[touch.table]
            if facts.schema is not None and not facts.visible:
                # PUBLIC may use a schema in which the search path finds a table, unless that was revoked.
                draft.rights.add(Right("schema", self.quoted(facts.schema), "USAGE"))
            if touch.act is Act.LOCK:
                draft.some.add(
                    Right("table", self.table(touch.table, draft.catalogue), "UPDATE", _lockable(draft, touch.table))
                )
        self._sequences(draft)
        self._functions(draft)

    def _sequences(self, draft: Draft) -> None:
        defaults = draft.schema.actions.defaults
        for name in [name for key in _defaults(draft) for name in defaults.get(key, ())]:
            draft.some.add(Right("sequence", self._spelled(name), "USAGE"))
            draft.probes.append(_NEXT_OF_DEFAULT.format(_literal(name)))
        for call, name in draft.own.sequences:
            right = Right("sequence", self._spelled(name), "UPDATE" if call == "setval" else "USAGE")
            (draft.rights if call == "setval" else draft.some).add(right)
            draft.probes.append(f"SELECT {call}({_literal(name)}{', 1' if call == 'setval' else ''})")
        for _, name in draft.own.sequences:
            space, dot, _ = name.rpartition(".")
            draft.rights.update([Right("schema", self._spelled(space), "USAGE")] if dot else [])

    def _spelled(self, name: str) -> str:
        """The name of a sequence in a text, quoted."""
        parts = re.findall(r'"((?:[^"]|"")+)"|([^".]+)', name)
        return ".".join(self.quoted(quoted.replace('""', '"') or plain.lower()) for quoted, plain in parts)

    def _functions(self, draft: Draft) -> None:
        called = draft.calls | draft.schema.implied_calls(draft.touches, _defaults(draft))
        named = {name.lower() for names in draft.schema.actions.checks.values() for name in names}
        for routine in draft.schema.routines(called):
            if routine.space is not None and routine.name.lower() in draft.own.calls:
                draft.rights.add(Right("schema", self.quoted(routine.space), "USAGE"))
            if not routine.public:
                draft.rights.add(Right("function", routine.signature, "EXECUTE"))
                # EXPLAIN does not run the checks of a row.
                draft.probes.extend([_call(routine.signature)] if routine.name.lower() in named else [])

    @contextmanager
    def trial(self, session: Any) -> Iterator[PostgresqlTrial]:
        connection = session.connection
        role = self.role(f"pydb_trial_{token_hex(8)}")
        connection.execute("BEGIN")
        # No other session ever sees the role: it is rolled back with the transaction.
        try:
            try:
                connection.execute(f"CREATE ROLE {role} NOLOGIN")
                connection.execute(f"GRANT {role} TO CURRENT_USER")
            except psycopg.errors.InsufficientPrivilege:
                raise PydbError(
                    "rights can only be proven by a user that may create roles",
                    hint="give --db a user with CREATEROLE, or use --engine, which starts a server with one",
                ) from None
            yield PostgresqlTrial(connection, role, self)
        finally:
            with suppress(psycopg.Error):
                connection.execute("ROLLBACK")


class PostgresqlTrial:
    """A role in a transaction that is rolled back."""

    def __init__(self, connection: Any, role: str, rights: PostgresqlRights) -> None:
        self.connection = connection
        self.role = role
        self.rights = rights

    def give(self, rights: Iterable[Right]) -> None:
        """Grant these rights."""
        for grant in self.rights.grants(rights, self.role):
            self.connection.execute(grant)

    @contextmanager
    def without(self, right: Right) -> Iterator[None]:
        """Revoke a right during the block."""
        with self._undone():
            for revoke in self.rights.revokes([right], self.role):
                self.connection.execute(revoke)
            yield

    def denied(self, described: DescribedStatement) -> str | None:
        """Why the server denies a text to the role, or None."""
        sql, count = numbered(described.form)
        arguments = f"({', '.join(['NULL'] * count)})" if count else ""
        prepared = f"PREPARE {_TRIED} AS {sql}"
        try:
            # A plan for NULL values would leave out the parts that NULL excludes.
            return self._refused(
                "SET LOCAL plan_cache_mode = force_generic_plan", prepared, f"EXPLAIN EXECUTE {_TRIED}{arguments}"
            )
        finally:
            with suppress(psycopg.errors.InvalidSqlStatementName), self._undone():
                self.connection.execute(f"DEALLOCATE {_TRIED}")

    def denied_probe(self, sql: str) -> str | None:
        """Why the server denies a probe to the role, or None."""
        # Other errors, of a value or an unused sequence, are raised after the rights were checked.
        try:
            return self._refused(sql)
        except psycopg.Error:
            return None

    def _refused(self, *statements: str) -> str | None:
        with self._undone():
            try:
                self.connection.execute(f"SET LOCAL ROLE {self.role}")
                for statement in statements:
                    self.connection.execute(statement, prepare=False)
            except psycopg.errors.InsufficientPrivilege as error:
                return error.diag.message_primary or "permission denied"
        return None

    @contextmanager
    def _undone(self) -> Iterator[None]:
        """Undo everything that the block does."""
        self.connection.execute("SAVEPOINT pydb_trial")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK TO SAVEPOINT pydb_trial; RELEASE SAVEPOINT pydb_trial")


def _call(signature: str) -> str:
    """A call with NULLs: ``f(NULL::integer)``."""
    name, _, types = signature.removesuffix(")").rpartition("(")
    return f"SELECT {name}({', '.join(f'NULL::{type_}' for type_ in types.split(',') if type_)})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _defaults(draft: Draft) -> set[tuple[str, str]]:
    """The columns whose default is used, also those of the table of a view."""
    found = set(draft.own.defaults)
    for view in {touch.table for touch in draft.touches if touch.act is Act.INSERT}:
        origins = {
            column: origin
            for column in draft.catalogue.tables[view].columns
            if (origin := draft.catalogue.origin(view, column)) is not None
        }
        given = {origins[column] for column in draft.columns(view, Act.INSERT) if column in origins}
        for table in {origin[0] for origin in origins.values()}:
            found |= {(table, column) for column in draft.catalogue.tables[table].columns} - given
    return found


def _lockable(draft: Draft, table: str) -> str:
    """The column on which UPDATE is granted for FOR UPDATE: one that the text reads, or else the first."""
    read = draft.columns(table, Act.SELECT)
    columns = draft.catalogue.tables[table].columns
    return next((name for name in columns if name in read), next(iter(columns)))
