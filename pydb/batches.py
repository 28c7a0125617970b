"""Many parameter sets of one statement in few round trips: bound sets in, a row count or rows in input order out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from pydb.errors import RowError
from pydb.statement import Placeholder, RowTemplate

if TYPE_CHECKING:
    from pydb.plan import Plan

MOST_ROWS = 1_000
"""Rows a statement: more does not make it faster, and keeps the server's parser and its log busier."""


def send(plan: Plan, conn: Connection, sets: list[dict[str, Any]]) -> Any:
    """Run the statement for every set; the number of rows changed, or with RETURNING the rows in input order."""
    if not sets:
        return [] if plan.form.returning else 0
    template = plan.form.row_template
    if plan.form.returning:
        if template is None or plan.rows_are_typed:
            return [_one_set(plan, conn, index, bound) for index, bound in enumerate(sets)]
        return [row for chunk, sql in _chunks(plan, template, sets) for row in _returned(plan, conn, sql, chunk)]
    if template is not None and plan.rules.batches_as_values:
        return sum(_sent(plan, conn, sql, _flat(template, chunk)) for chunk, sql in _chunks(plan, template, sets))
    if plan.definition.sequences:
        return sum(plan.send(conn, bound, lambda cursor: cursor.rowcount) for bound in sets)
    return _sent(plan, conn, plan.sql, [plan.values(bound) for bound in sets])


def _one_set(plan: Plan, conn: Connection, index: int, bound: dict[str, Any]) -> Any:
    rows = plan.send(conn, bound, plan.all)
    if len(rows) != 1:
        hint = "each set of a batch with RETURNING changes one row"
        raise plan.error(RowError, f"set {index}: returned {len(rows)} rows, not one", hint)
    return rows[0]


def _sent(plan: Plan, conn: Connection, sql: str, values: Any) -> int:
    def run() -> int:
        return conn.exec_driver_sql(sql, values, execution_options=plan.options).rowcount

    return int(plan.guarded(conn, run))


def _returned(plan: Plan, conn: Connection, sql: str, chunk: list[dict[str, Any]]) -> list[Any]:
    assert plan.form.row_template is not None
    values = _flat(plan.form.row_template, chunk)

    def run() -> list[Any]:
        return plan.all(conn.exec_driver_sql(sql, values, execution_options=plan.options))

    rows: list[Any] = plan.guarded(conn, run)
    if len(rows) != len(chunk):
        hint = "DO NOTHING returns no row for a set that is there already: DO UPDATE does"
        raise plan.error(RowError, f"{len(chunk)} sets of the batch returned {len(rows)} rows", hint)
    return rows


def _flat(template: RowTemplate, chunk: list[dict[str, Any]]) -> tuple[Any, ...]:
    names = [piece.name for piece in template.row if isinstance(piece, Placeholder)]
    return tuple([bound[name] for bound in chunk for name in names])


def _chunks(
    plan: Plan, template: RowTemplate, sets: list[dict[str, Any]]
) -> Iterator[tuple[list[dict[str, Any]], str]]:
    """The sets in chunks that one statement can carry, and that statement's SQL."""
    parameters = sum(isinstance(piece, Placeholder) for piece in template.row)
    size = max(1, min(MOST_ROWS, plan.rules.max_parameters // max(1, parameters)))
    mark, escape = ("?", "%") if plan.dialect.paramstyle == "qmark" else ("%s", "%%")
    row = "".join(mark if isinstance(piece, Placeholder) else piece.replace("%", escape) for piece in template.row)
    before = f"/* {plan.definition.name} */ {template.before}".replace("%", escape)
    after = template.after.replace("%", escape)
    for start in range(0, len(sets), size):
        chunk = sets[start : start + size]
        yield chunk, before + ", ".join([row] * len(chunk)) + after
