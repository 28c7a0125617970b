"""Read a result of any size in bounded memory: a plan and bound parameters in, an iterator of its rows out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from typing import Any

from sqlalchemy import Connection, CursorResult, exc

from pydb.execution.core_internals import may_bypass_core
from pydb.execution.nested import OpenRoots
from pydb.execution.plan import Plan

__all__ = ["STREAM_ROWS", "streamed"]

STREAM_ROWS = 1_000
"""The number of rows of a ``:stream`` that are in memory at a time."""


def streamed(plan: Plan, conn: Connection, bound: dict[str, Any]) -> Iterator[Any]:
    """Send the statement at once, and return an iterator that fetches the rows; closing it closes the result.

    A result that may have more sets of rows is read to its end first.
    """
    if plan.may_give_results:
        return (row for row in plan.send(conn, bound, plan.read_all))
    result = plan.guarded(conn, partial(_executed, plan, conn, bound))
    rows = _rows(plan, conn, result)
    # Run to the first yield, because a generator that was not started would not close its cursor.
    next(rows)
    return rows


def _executed(plan: Plan, conn: Connection, bound: dict[str, Any]) -> CursorResult[Any]:
    options = {"stream_results": True, "max_row_buffer": STREAM_ROWS}
    # The cursor created here keeps returning JSON as text.
    with plan.rules.json_as_text(conn) if plan.reads_json else nullcontext():
        return conn.execute(*plan.executable(bound), execution_options=options)


def _rows(plan: Plan, conn: Connection, result: CursorResult[Any]) -> Iterator[Any]:
    """Yield None once, and then the rows."""
    try:
        # Before the first fetch, because a result has no columns any more after its last row.
        build: Callable[[Any], list[Any]]
        roots: OpenRoots | None = None
        if plan.builds and (grouping := plan.columns.builder_for(result).grouping) is not None:
            roots = OpenRoots(grouping)
            build = roots.add
        elif plan.builds:
            build = plan.columns.builder_for(result).many
        else:
            build = partial(plan.columns.unaltered, suspects=plan.columns.check(result))
        plan.rules.begin_stream(result.cursor)
        by_driver = plan.builds and may_bypass_core(conn)
        yield None
        # Core has already fetched one row of a server-side cursor, to get the columns.
        size = 1 if by_driver else STREAM_ROWS
        while rows := plan.guarded(conn, partial(_fetch, plan, conn, result, size)):
            yield from plan.guarded(conn, lambda: build(rows))
            if by_driver:
                size = 0
        if roots is not None:
            yield from plan.guarded(conn, roots.last)
    finally:
        if conn.closed and result.cursor is not None:
            # The cursor is already closed, and the driver's connection may have another user now.
            plan.rules.drop_cursor(result.cursor)
        result.close()


def _fetch(plan: Plan, conn: Connection, result: CursorResult[Any], size: int) -> Any:
    """The next ``size`` rows from Core's result; with size 0, rows from the driver's cursor."""
    if conn.closed:
        # Some engines would continue to read, from a connection that may have another user now.
        raise exc.ResourceClosedError(f"the connection of the stream {plan.definition.name} is closed")
    if size or result.cursor is None:
        return result.fetchmany(size or STREAM_ROWS)
    try:
        return result.cursor.fetchmany(STREAM_ROWS)
    except BaseException as error:
        failure = plan.driver_failure(conn, error, str(plan.clause), result.cursor, None)
    raise failure
