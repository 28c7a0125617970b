"""What each row word does: a plan, a connection and what the caller gave in; what the header promises out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, CursorResult, exc

from pydb.engines import read_connections
from pydb.errors import NotSupportedError, ParameterError, RowError
from pydb.execution.batch import send_sets
from pydb.execution.core_internals import may_bypass_core
from pydb.execution.plan import Plan
from pydb.sqlfile.row_word import RowWord

__all__ = ["STREAM_ROWS", "Run", "run_for"]

STREAM_ROWS = 1_000
"""How many rows a ``:stream`` holds in memory at a time."""

Sets = tuple[Any, ...]
"""What the caller gave by position: the parameter sets of a batch, and nothing otherwise."""

Run = Callable[[Connection, Sets, dict[str, Any]], Any]
"""Runs a statement: any call of it, by the Core path or the driver path."""


def run_for(plan: Plan) -> Run:
    """What runs the statement of this plan."""
    run = partial(_RUNS[plan.definition.row_word], plan)
    return partial(_if_possible, plan, run) if plan.commits or plan.form.writes_outside else run


def _if_possible(plan: Plan, run: Run, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Any:
    """Run a statement that would commit what was done before, or that writes although a transaction only reads."""
    if plan.commits and plan.rules.in_transaction(conn):
        message = f"{plan.form.verb} would commit what this transaction has done"
        raise plan.error(NotSupportedError, message, hint="call it first in a begin() block of its own")
    if plan.form.writes_outside and read_connections.reads(conn):
        raise plan.error(NotSupportedError, plan.form.writes_outside, hint="call it in a begin() block")
    return run(conn, sets, parameters)


def _bind(plan: Plan, sets: Sets, parameters: dict[str, Any]) -> dict[str, Any]:
    if sets:
        raise plan.binder.by_name_only()
    return plan.binder.bind(parameters)


def one(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Any:
    """The one row.  Raises NoRow, TooManyRows."""
    row = plan.send(conn, _bind(plan, sets, parameters), partial(plan.read_one, conn))
    if row is None:
        raise plan.miscounted(conn, None, None)
    return row[0]


def maybe(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Any:
    """The one row, or None where there is none.  Raises TooManyRows."""
    row = plan.send(conn, _bind(plan, sets, parameters), partial(plan.read_one, conn))
    return None if row is None else row[0]


def many(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Any:
    """All rows, in a list."""
    return plan.send(conn, _bind(plan, sets, parameters), plan.read_all)


def affected(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Any:
    """The number of rows that were changed."""
    count = plan.send(conn, _bind(plan, sets, parameters), lambda cursor: cursor.rowcount)
    return plan.rules.rows_changed(conn, count)


def exec_(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> None:
    """None."""
    plan.send(conn, _bind(plan, sets, parameters), lambda cursor: None)


def batch(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Any:
    """The number of rows that were changed, or with RETURNING a row for each set, in their order."""
    if parameters or len(sets) != 1 or isinstance(sets[0], (Mapping, str)) or not isinstance(sets[0], Iterable):
        hint = f"{plan.definition.name}(conn, [{{…}}, {{…}}])"
        raise plan.error(ParameterError, "takes its parameter sets as one iterable", hint=hint)
    try:
        return send_sets(plan, conn, sets[0])
    except RowError as error:
        plan.doom(conn, error)
        raise


def stream(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Iterator[Any]:
    """The rows, which come while they are read."""
    bound = _bind(plan, sets, parameters)
    options = {"stream_results": True, "max_row_buffer": STREAM_ROWS}
    result = plan.guarded(conn, lambda: conn.execute(*plan.executable(bound), execution_options=options))
    rows = _stream(plan, conn, result)
    # Up to its first yield: a generator that never began would not close its cursor.
    next(rows)
    return rows


def _stream(plan: Plan, conn: Connection, result: CursorResult[Any]) -> Iterator[Any]:
    """Nothing once, and then the rows."""
    try:
        # Before the first fetch: a result whose last row was read has no columns any more.
        if not plan.builds:
            plan.columns.check(result)
        build: Callable[[Any], list[Any]] = plan.columns.builder_for(result).many if plan.builds else list
        plan.rules.begin_stream(result.cursor)
        by_driver = plan.builds and may_bypass_core(conn)
        yield None
        # One row of a server's cursor is in Core's hands already, to learn the columns.
        size = 1 if by_driver else STREAM_ROWS
        while rows := plan.guarded(conn, partial(_fetch, plan, conn, result, size)):
            yield from plan.guarded(conn, lambda: build(rows))
            if by_driver:
                size = 0
    finally:
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
    except plan.driver_error as error:
        failure = plan.driver_failure(conn, error, str(plan.clause), result.cursor, None)
    raise failure


_RUNS: Mapping[RowWord, Callable[..., Any]] = {
    RowWord.ONE: one,
    RowWord.MAYBE: maybe,
    RowWord.MANY: many,
    RowWord.STREAM: stream,
    RowWord.AFFECTED: affected,
    RowWord.EXEC: exec_,
    RowWord.BATCH: batch,
}
