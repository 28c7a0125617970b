"""Read statistics on MariaDB: a connection in; the counts of the performance schema, by digest, out.

A digest has no comments, so a query is found by its text.  The server writes words that are the same token for its
lexer in the same way, and shortens lists.  Source: https://mariadb.com/kb/en/performance-schema-digests/.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, exc

from pydb.errors import PydbError
from pydb.sqlfile.lexer import Unterminated
from pydb.usage.normal_text import normal_text
from pydb.usage.statistics import EngineStatistics, Measured, Statistics

__all__ = ["MariadbStatistics"]

SOURCE = "performance_schema"

_ON = "SELECT @@performance_schema"
_DIGESTS = "name = 'statements_digest'"
_CONSUMER = f"SELECT enabled = 'YES' FROM performance_schema.setup_consumers WHERE {_DIGESTS}"
_QUERIES = """
SELECT digest_text, count_star, sum_timer_wait / 1e12, sum_rows_sent + sum_rows_affected, first_seen
FROM performance_schema.events_statements_summary_by_digest
WHERE schema_name = database() AND digest_text IS NOT NULL
"""

_LOST = "SELECT count_star FROM performance_schema.events_statements_summary_by_digest WHERE digest IS NULL"
_LIMIT = "SELECT LEAST(@@max_digest_length, @@performance_schema_max_digest_length)"

_TOKEN = re.compile(r"`(?P<name>(?:[^`]|``)+)`|\S+")
_LONGEST_TOKEN = 4 + 4 * 64
"""The length of the longest name in a digest, in bytes."""

SPELLINGS = {
    "!=": "<>",
    "SOME": "ANY",
    "CHARACTER": "CHAR",
    "CURDATE": "CURRENT_DATE",
    "CURTIME": "CURRENT_TIME",
    **dict.fromkeys(("NOW", "LOCALTIME", "LOCALTIMESTAMP"), "CURRENT_TIMESTAMP"),
    **{f"SQL_TSI_{unit}": unit for unit in ("SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR")},
    "DEC": "DECIMAL",
    "DISTINCTROW": "DISTINCT",
    "FIELDS": "COLUMNS",
    "FLOAT4": "FLOAT",
    "FLOAT8": "DOUBLE",
    **dict.fromkeys(("INT4", "INTEGER"), "INT"),
    **dict.fromkeys(("MID", "SUBSTR"), "SUBSTRING"),
    "RLIKE": "REGEXP",
    "SCHEMA": "DATABASE",
    **dict.fromkeys(("STD", "STDDEV_POP"), "STDDEV"),
    **dict.fromkeys(("SESSION_USER", "SYSTEM_USER"), "USER"),
    "VARCHARACTER": "VARCHAR",
    "VAR_POP": "VARIANCE",
}
"""Words that are the same token for the server; digests write one spelling."""

_SHORT = {
    "(_charset) (unknown)": "?",
    "(_charset) ?": "?",
    "(...)": "(?)",
    ", ...": "",
    # In ANSI mode || has no name among the server's tokens.
    "(unknown)": "||",
}
"""The forms of lists, bytes and ``||`` in a digest."""


class MariadbStatistics(EngineStatistics):
    """The digests of the performance schema."""

    def read(self, conn: Connection) -> Statistics:
        if not conn.exec_driver_sql(_ON).scalar():
            raise PydbError(
                "the server's performance schema is off",
                hint="performance_schema = ON below [mariadbd] in the server's configuration, and a restart",
            )
        try:
            if not conn.exec_driver_sql(_CONSUMER).scalar():
                raise PydbError(
                    "the performance schema keeps no digests",
                    hint=f"UPDATE performance_schema.setup_consumers SET enabled = 'YES' WHERE {_DIGESTS}",
                )
            limit = int(conn.exec_driver_sql(_LIMIT).scalar() or 0)
            rows = conn.exec_driver_sql(_QUERIES).all()
            lost = int(conn.exec_driver_sql(_LOST).scalar() or 0)
        except exc.DBAPIError as error:
            message = str(error.orig.args[-1]) if error.orig is not None else "refused"
            hint = "GRANT SELECT ON performance_schema.* to this user"
            raise PydbError(f"the performance schema cannot be read: {message}", hint=hint) from None
        # The session's time zone is UTC.
        since = min((row[4] for row in rows), default=None)
        queries = tuple(self._measured(row, limit) for row in rows)
        hint = "raise performance_schema_digests_size"
        notes = (f"{lost} calls were not counted, because the table of digests was full    hint: {hint}",)
        return Statistics(SOURCE, since and since.replace(tzinfo=UTC), queries, notes if lost else ())

    def normal(self, sql: str, *, streamed: bool = False) -> str:
        return normal_text(sql, self.engine, SPELLINGS)

    def _measured(self, row: Any, limit: int) -> Measured:
        text, calls, seconds, count, _ = row
        cut = _size(text) > limit - _LONGEST_TOKEN
        return Measured(None, self._normal(text), int(calls), float(seconds), int(count), cut)

    def _normal(self, digest: str) -> str:
        for short, plain in _SHORT.items():
            digest = digest.replace(short, plain)
        try:
            return self.normal(digest)
        except Unterminated:
            return ""


def _size(digest: str) -> int:
    """The number of bytes that the server has kept of a digest; a truncated digest has no mark at its end."""
    names = (found["name"] for found in _TOKEN.finditer(digest))
    return sum(2 if name is None else 4 + len(name.encode()) for name in names)
