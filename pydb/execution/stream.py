"""A result of any size in bounded memory: a plan and bound parameters in, rows while they are read out."""

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
"""How many rows a ``:stream`` holds in memory at a time."""


def streamed(plan: Plan, conn: Connection, bound: dict[str, Any]) -> Iterator[Any]:
    """Send the statement at once; the rows come as they are asked for, and closing the iterator closes the result.

    What may have another set of rows behind them is read to its end first.
    """
    if plan.may_give_results:
        return (row for row in plan.send(conn, bound, plan.read_all))
    result = plan.guarded(conn, partial(_executed, plan, conn, bound))
    rows = _rows(plan, conn, result)
    # Up to its first yield: a generator that never began would not close its cursor.
    next(rows)
    return rows


def _executed(plan: Plan, conn: Connection, bound: dict[str, Any]) -> CursorResult[Any]:
    options = {"stream_results": True, "max_row_buffer": STREAM_ROWS}
    # The cursor that it makes goes on giving JSON as text.
    with plan.rules.json_as_text(conn) if plan.reads_json else nullcontext():
        return conn.execute(*plan.executable(bound), execution_options=options)


def _rows(plan: Plan, conn: Connection, result: CursorResult[Any]) -> Iterator[Any]:
    """Nothing once, and then the rows."""
    try:
        # Before the first fetch: a result whose last row was read has no columns any more.
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
        # One row of a server's cursor is in Core's hands already, to learn the columns.
        size = 1 if by_driver else STREAM_ROWS
        while rows := plan.guarded(conn, partial(_fetch, plan, conn, result, size)):
            yield from plan.guarded(conn, lambda: build(rows))
            if by_driver:
                size = 0
        if roots is not None:
            yield from plan.guarded(conn, roots.last)
    finally:
        if conn.closed and result.cursor is not None:
            # It may be somebody else's by now, and has ended the cursor.
            plan.rules.drop_cursor(result.cursor)
        result.close()


def _fetch(plan: Plan, conn: Connection, result: CursorResult[Any], size: int) -> Any:
    """The next ``size`` rows of a stream, of Core's; with 0 the driver's own, on the driver path."""
    if conn.closed:
        # Some engines would go on reading, from a connection that is somebody else's by now.
        raise exc.ResourceClosedError(f"the connection of the stream {plan.definition.name} is closed")
    if size or result.cursor is None:
        return result.fetchmany(size or STREAM_ROWS)
    try:
        return result.cursor.fetchmany(STREAM_ROWS)
    except BaseException as error:
        failure = plan.driver_failure(conn, error, str(plan.clause), result.cursor, None)
    raise failure
