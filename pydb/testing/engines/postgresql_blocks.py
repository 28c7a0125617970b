"""Blocks as savepoints on PostgreSQL: a driver's connection in, checks out.

Source: https://www.postgresql.org/docs/current/sql-set-constraints.html."""

from __future__ import annotations

from typing import Any

from pydb.testing.engine_blocks import EngineBlocks, run_sql

# The constraints that are deferred by default, because SET CONSTRAINTS cannot set a constraint back to its default.
_DEFERRED = """\
SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.conname), ', ')
FROM pg_catalog.pg_constraint AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.connamespace = n.oid
WHERE c.condeferred"""


class PostgresqlBlocks(EngineBlocks):
    """The ``EngineBlocks`` of PostgreSQL."""

    def begin_reading(self, driver: Any, info: dict[str, Any]) -> None:
        run_sql(driver, "SET TRANSACTION READ ONLY")

    def end_reading(self, driver: Any, info: dict[str, Any]) -> None:
        return  # the read-only mode ended with the savepoint

    def check_deferred(self, driver: Any) -> None:
        run_sql(driver, "SET CONSTRAINTS ALL IMMEDIATE")
        ((deferred,),) = run_sql(driver, _DEFERRED)
        if deferred:
            run_sql(driver, f"SET CONSTRAINTS {deferred} DEFERRED")
