"""What each row word does: a plan, a connection and what the caller gave in; what the header promises out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection

from pydb.engines import read_connections
from pydb.errors import NotSupportedError, ParameterError, RowError
from pydb.execution.batch import send_sets
from pydb.execution.plan import Plan
from pydb.execution.stream import streamed
from pydb.sqlfile.row_word import RowWord

__all__ = ["Run", "run_for"]

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
        message = f"{plan.form.verb} would implicitly commit the open transaction"
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
    return streamed(plan, conn, _bind(plan, sets, parameters))


_RUNS: Mapping[RowWord, Callable[..., Any]] = {
    RowWord.ONE: one,
    RowWord.MAYBE: maybe,
    RowWord.MANY: many,
    RowWord.STREAM: stream,
    RowWord.AFFECTED: affected,
    RowWord.EXEC: exec_,
    RowWord.BATCH: batch,
}
