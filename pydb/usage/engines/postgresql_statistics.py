"""Read statistics on PostgreSQL: a connection in; the counts of the extension pg_stat_statements out.

It keeps the text of a query's first call, with pydb's comment in front.  PostgreSQL 18 removes the comment; then the
text is compared.  A ``:stream`` is a DECLARE with the comment inside, and FETCHes that name the cursor.  Source: https://www.postgresql.org/docs/current/pgstatstatements.html.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, exc

from pydb.errors import PydbError
from pydb.sqlfile.lexer import Unterminated
from pydb.sqlfile.rendering import named_in
from pydb.usage.normal_text import normal_text
from pydb.usage.statistics import EngineStatistics, Measured, Statistics

__all__ = ["PostgresqlStatistics"]

SOURCE = "pg_stat_statements"
PRELOAD = "shared_preload_libraries = 'pg_stat_statements' in postgresql.conf, and a restart of the server"

_EXTENSION = """
SELECT quote_ident(n.nspname)
FROM pg_extension AS e
INNER JOIN pg_namespace AS n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_stat_statements'
"""
_QUERIES = """
SELECT coalesce(s.query, ''), sum(s.calls), sum(s.total_exec_time + s.total_plan_time) / 1000, sum(s.rows)
FROM {0}.pg_stat_statements AS s
INNER JOIN pg_database AS d ON d.oid = s.dbid
WHERE d.datname = current_database()
GROUP BY 1
"""
# The view exists from PostgreSQL 14 on.
_HAS_SINCE = "SELECT to_regclass('{0}.pg_stat_statements_info') IS NOT NULL"
_SINCE = "SELECT stats_reset, dealloc FROM {0}.pg_stat_statements_info"

CONSTANTS = {"TRUE": "?", "FALSE": "?"}
"""Words that the server treats as values, like numbers and strings."""

_LITERAL = re.compile(r"\bEXTRACT \( \w+ (?=FROM )|\b[XB] (?=\?)")
"""Other values for the server: the field of EXTRACT, and the letter of a bit string."""

_HIDDEN = "<insufficient privilege>"
_DECLARE = re.compile(r'DECLARE\s+"?(?P<cursor>\w+)"?\s.*?\sFOR\s+(?=/\*)(?P<query>.*)', re.DOTALL)
_FETCH = re.compile(r'FETCH\s.*\sFROM\s+"?(?P<cursor>\w+)"?\s*', re.DOTALL)


class PostgresqlStatistics(EngineStatistics):
    """The queries of pg_stat_statements, of all users."""

    def read(self, conn: Connection) -> Statistics:
        schema = conn.exec_driver_sql(_EXTENSION).scalar()
        if schema is None:
            raise PydbError(
                "the database has no extension pg_stat_statements",
                hint=f"it needs {PRELOAD}; then, as a superuser: CREATE EXTENSION pg_stat_statements",
            )
        try:
            rows = conn.exec_driver_sql(_QUERIES.format(schema)).all()
            known = conn.exec_driver_sql(_HAS_SINCE.format(schema)).scalar()
            since, dropped = conn.exec_driver_sql(_SINCE.format(schema)).one() if known else (None, 0)
        except exc.DBAPIError as error:
            raise _unreadable(error) from None
        hidden = sum(int(row[1]) for row in rows if row[0] == _HIDDEN)
        notes = []
        if hidden:
            calls = "1 call of other roles is" if hidden == 1 else f"{hidden} calls of other roles are"
            notes.append(f"{calls} hidden    hint: GRANT pg_read_all_stats to this role")
        if dropped:
            notes.append(f"rare queries were dropped, {dropped} times    hint: raise pg_stat_statements.max")
        return Statistics(SOURCE, since, tuple(self._measured(rows)), tuple(notes))

    def normal(self, sql: str, *, streamed: bool = False) -> str:
        text = normal_text(f"DECLARE c CURSOR FOR {sql}" if streamed else sql, self.engine, CONSTANTS)
        return _LITERAL.sub(lambda found: "EXTRACT ( ? " if found[0].startswith("E") else "", text)

    def _measured(self, rows: Iterable[Any]) -> Iterable[Measured]:
        known = [row for row in rows if row[0] != _HIDDEN]
        cursors = _cursors(row[0] for row in known)
        for text, calls, seconds, count in known:
            fetched = _FETCH.fullmatch(text)
            if fetched is not None and (name := cursors.get(fetched["cursor"])) is not None:
                # A part of the call that declared the cursor.
                yield Measured(name, "", 0, float(seconds), int(count))
            else:
                declared = _DECLARE.fullmatch(text)
                name = named_in(declared["query"] if declared else text)
                normal = "" if name is not None else self._normal_of_other(text)
                yield Measured(name, normal, int(calls), float(seconds), int(count))

    def _normal_of_other(self, text: str) -> str:
        """The normal form of a query without the comment: a program removes it, or the query is not pydb's."""
        try:
            return self.normal(text)
        except Unterminated:
            return ""


def _cursors(texts: Iterable[str]) -> Mapping[str, str]:
    """The statement of each cursor, if every declaration is for the same statement."""
    found: dict[str, set[str | None]] = defaultdict(set)
    for text in texts:
        if (declared := _DECLARE.fullmatch(text)) is not None:
            found[declared["cursor"]].add(named_in(declared["query"]))
    return {cursor: name for cursor, names in found.items() for name in names if len(names) == 1 and name is not None}


def _unreadable(error: exc.DBAPIError) -> PydbError:
    state = getattr(error.orig, "sqlstate", None)
    hints = {
        "55000": f"it needs {PRELOAD}",
        "42703": "ALTER EXTENSION pg_stat_statements UPDATE",
        "42P01": "ALTER EXTENSION pg_stat_statements UPDATE",
    }
    message = getattr(getattr(error.orig, "diag", None), "message_primary", None) or "refused"
    return PydbError(f"pg_stat_statements cannot be read: {message}", hint=hints.get(str(state)))
