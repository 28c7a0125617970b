"""Make plans on PostgreSQL: a session and a described statement in; the generic plan, as EXPLAIN prints it, out.

Since version 16 EXPLAIN has GENERIC_PLAN; in older versions a prepared statement is explained with ``plan_cache_mode``.
Source: https://www.postgresql.org/docs/current/sql-explain.html, https://www.postgresql.org/docs/current/sql-prepare.html.
"""

from __future__ import annotations

from typing import Any

import psycopg

from pydb.describe import DescribedStatement
from pydb.describe.session import Refused
from pydb.sqlfile.definition import Form, Placeholder
from pydb.sqlfile.rendering import render
from pydb.usage.plans import EnginePlans

__all__ = ["PostgresqlPlans", "numbered"]

GENERIC_PLAN = 160_000
"""The first version whose EXPLAIN has GENERIC_PLAN."""

_PREPARED = "pydb_explained"


class PostgresqlPlans(EnginePlans):
    """Generic plans, for any values of the parameters."""

    def plan(self, session: Any, described: DescribedStatement) -> str:
        sql, count = numbered(described.form)
        connection = session.connection
        try:
            if connection.info.server_version >= GENERIC_PLAN:
                rows = connection.execute(f"EXPLAIN (GENERIC_PLAN, COSTS OFF) {sql}").fetchall()
            else:
                rows = _of_prepared(connection, sql, count)
        except psycopg.Error as error:
            raise Refused(error.diag.message_primary or str(error)) from None
        return "\n".join(row[0] for row in rows)


def numbered(form: Form) -> tuple[str, int]:
    """The text with its parameters as ``$1``, and their number."""
    numbers: dict[str, int] = {}

    def spelled(placeholder: Placeholder) -> str:
        # Two values of a list are one parameter twice: the plan is that of any two.
        number = f"${numbers.setdefault(placeholder.name, len(numbers) + 1)}"
        return f"({number}, {number})" if placeholder.sequence else number

    return render(form.parts, spelled), len(numbers)


def _of_prepared(connection: Any, sql: str, count: int) -> Any:
    """The plan of a prepared statement that is not run."""
    connection.execute(f"PREPARE {_PREPARED} AS {sql}")
    try:
        with connection.transaction():
            connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            arguments = f"({', '.join(['NULL'] * count)})" if count else ""
            return connection.execute(f"EXPLAIN (COSTS OFF) EXECUTE {_PREPARED}{arguments}").fetchall()
    finally:
        connection.execute(f"DEALLOCATE {_PREPARED}")
