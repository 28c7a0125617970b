"""Run a statement by its row word: a plan, a connection and the caller's arguments in, the declared result out."""

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
"""The caller's positional arguments: the parameter sets of a batch, or nothing."""

Run = Callable[[Connection, Sets, dict[str, Any]], Any]
"""A function that runs any call of a statement, on the Core path or the driver path."""


def run_for(plan: Plan) -> Run:
    """The function that runs the statement of this plan."""
    run = partial(_RUNS[plan.definition.row_word], plan)
    return partial(_if_possible, plan, run) if plan.commits or plan.form.writes_outside else run


def _if_possible(plan: Plan, run: Run, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Any:
    """Run the statement, unless it would commit the open transaction, or would write in a read-only one."""
    if plan.commits and plan.rules.in_transaction(conn):
        message = f"{plan.form.verb} would implicitly commit the open transaction"
        raise plan.error(NotSupportedError, message, hint="call it first in its own begin() block")
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
    """The one row, or None if there is no row.  Raises TooManyRows."""
    row = plan.send(conn, _bind(plan, sets, parameters), partial(plan.read_one, conn))
    return None if row is None else row[0]


def many(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Any:
    """All rows, in a list."""
    return plan.send(conn, _bind(plan, sets, parameters), plan.read_all)


def affected(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Any:
    """The number of changed rows."""
    count = plan.send(conn, _bind(plan, sets, parameters), lambda cursor: cursor.rowcount)
    return plan.rules.rows_changed(conn, count)


def exec_(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> None:
    """Run the statement; return None."""
    plan.send(conn, _bind(plan, sets, parameters), lambda cursor: None)


def batch(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Any:
    """The number of changed rows, or with RETURNING one row for each set, in their order."""
    if parameters or len(sets) != 1 or isinstance(sets[0], (Mapping, str)) or not isinstance(sets[0], Iterable):
        hint = f"{plan.definition.name}(conn, [{{…}}, {{…}}])"
        raise plan.error(ParameterError, "takes its parameter sets as one iterable", hint=hint)
    try:
        return send_sets(plan, conn, sets[0])
    except RowError as error:
        plan.doom(conn, error)
        raise


def stream(plan: Plan, conn: Connection, sets: Sets, parameters: dict[str, Any]) -> Iterator[Any]:
    """An iterator that fetches the rows while they are read."""
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
