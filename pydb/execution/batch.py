"""Run a statement for many parameter sets in few round trips: sets in, a row count or rows in input order out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from operator import is_, itemgetter
from typing import Any

from sqlalchemy import Connection

from pydb.errors import RowError
from pydb.execution.core_internals import may_bypass_core
from pydb.execution.driver_sql import MARKS, escaped_marks
from pydb.execution.failed_set import send_together, where
from pydb.execution.parameters import Binder
from pydb.execution.plan import Plan
from pydb.sqlfile.definition import Placeholder, RowTemplate
from pydb.sqlfile.rendering import name_comment

MAX_ROWS = 1_000
"""The maximum number of rows in one statement: more rows are not faster, but take longer to parse and to log."""


def send_sets(plan: Plan, conn: Connection, sets: Iterable[Any]) -> Any:
    """Run the statement for every set; return the number of changed rows, or with RETURNING the rows in input order.

    Raises ParameterError before anything is sent.
    """
    template = plan.form.row_template if plan.driver_sql is not None and not plan.rows_are_typed else None
    if template is not None:
        order = tuple(part.name for part in template.row if isinstance(part, Placeholder))
        size = max(1, min(MAX_ROWS, plan.rules.max_parameters // max(1, len(order))))
        # All sets are adapted before the first one is sent.
        chunks = list(adapted(plan.binder, sets, order, size))
        key = [order.index(name) for name in template.key]
        return _many_rows(plan, conn, template, _apart(chunks, len(order), key) if key else chunks)
    if plan.form.returning:
        return [_one_set(plan, conn, index, bound) for index, bound in enumerate(_bound(plan, sets))]
    if plan.definition.sequences or not plan.rules.counts_many(plan.form.sql):
        return sum(_counted(plan, conn, index, bound) for index, bound in enumerate(_bound(plan, sets)))
    if plan.driver_sql is None or plan.driver_sql.takes_mapping:
        return _executed(plan, conn, _bound(plan, sets))
    order = plan.driver_sql.order
    rows = [row for chunk in adapted(plan.binder, sets, order, MAX_ROWS) for row in _rows(*chunk, len(order))]
    sql = plan.driver_sql.sql
    return _one_by_one(plan, conn, rows, lambda some, prefix: _sent(plan, conn, sql, some, _rowcount, prefix))


def _rows(count: int, values: list[Any], width: int) -> Iterable[tuple[Any, ...]]:
    """Cut ``values`` into tuples of that width."""
    return zip(*[iter(values)] * width, strict=True) if width else itertools.repeat((), count)


def _rowcount(cursor: Any) -> int:
    return int(cursor.rowcount)


def _bound(plan: Plan, sets: Iterable[Any]) -> list[dict[str, Any]]:
    return [plan.binder.bind(item, f"set {index}: ") for index, item in enumerate(sets)]


def adapted(binder: Binder, sets: Iterable[Any], order: tuple[str, ...], size: int) -> Iterator[tuple[int, list[Any]]]:
    """The driver's values, in the order of these names, in chunks of ``size`` sets.

    Each chunk has the number of its sets, and one list with the values of all its sets: one tuple for each set would
    cost time in the garbage collector.  Raises ParameterError.
    """
    remaining, start = iter(sets), 0
    while chunk := list(islice(remaining, size)):
        values = _adapted_by_column(binder, chunk, order)
        if values is None:
            bound = [binder.bind(item, f"set {index}: ") for index, item in enumerate(chunk, start)]
            values = [each[name] for each in bound for name in order]
        yield len(chunk), values
        start += len(chunk)


def _apart(chunks: list[tuple[int, list[Any]]], width: int, key: list[int]) -> list[tuple[int, list[Any]]]:
    """The same chunks, cut so that no chunk has a key twice: one upsert statement cannot update a row twice."""
    cut: list[tuple[int, list[Any]]] = []
    for count, values in chunks:
        seen: set[tuple[Any, ...]] = set()
        start = 0
        keys = zip(*(values[position::width] for position in key), strict=True)
        for index, found in enumerate(keys):
            if found in seen:
                cut.append((index - start, values[start * width : index * width]))
                seen, start = set(), index
            seen.add(found)
        cut.append((count - start, values[start * width :]))
    return cut


def _adapted_by_column(binder: Binder, chunk: list[Any], order: tuple[str, ...]) -> list[Any] | None:
    """Adapt whole columns, which takes a third of the time; return None if a set may not be valid."""
    if len(order) < 2 or set(map(type, chunk)) != {dict} or set(map(len, chunk)) != {len(binder.names)}:
        return None
    try:
        values = list(chain.from_iterable(map(itemgetter(*order), chunk)))
        columns = [values[index :: len(order)] for index in range(len(order))]
        fit = list(map(binder.adapt_column, order, columns))
    except Exception:
        # Adapting set by set gives a better error.
        return None
    unchanged = all(map(is_, columns, fit))
    return values if unchanged else list(chain.from_iterable(zip(*fit, strict=True)))


def _one_set(plan: Plan, conn: Connection, index: int, bound: dict[str, Any]) -> Any:
    rows = plan.send(conn, bound, plan.read_all, where(index, 1))
    if len(rows) != 1:
        hint = "each set of a batch with RETURNING changes one row"
        raise plan.error(RowError, f"set {index}: returned {len(rows)} rows, not one", hint)
    return rows[0]


def _counted(plan: Plan, conn: Connection, index: int, bound: dict[str, Any]) -> int:
    return plan.rules.rows_changed(conn, plan.send(conn, bound, _rowcount, where(index, 1)))


def _executed(plan: Plan, conn: Connection, sets: list[dict[str, Any]]) -> int:
    def send(some: list[dict[str, Any]], prefix: str) -> int:
        return int(plan.guarded(conn, lambda: conn.execute(plan.clause, some).rowcount, prefix))

    return _one_by_one(plan, conn, sets, send)


def _one_by_one(plan: Plan, conn: Connection, sets: list[Any], send: Callable[[list[Any], str], int]) -> int:
    """Send the sets by ``send``, which calls the driver's ``executemany``; return the number of changed rows."""
    if not sets:
        return 0

    def send_some(start: int, stop: int, prefix: str) -> int:
        return send(sets[start:stop], prefix)

    run = partial(_run, plan, conn)
    return int(send_together(conn, plan.rules, send_some, run, 0, len(sets), is_one_statement=False))


def _run(plan: Plan, conn: Connection, sql: str) -> None:
    """Run a savepoint statement.  Core's listeners do not see it, because the application did not send it."""
    plan.send_to_driver(conn, conn.connection.cursor, sql, (), lambda _cursor: None, lambda: sql)


def _sent(plan: Plan, conn: Connection, sql: str, values: Any, take: Callable[[Any], Any], where: str) -> Any:
    return plan.guarded(
        conn, lambda: plan.take(conn.exec_driver_sql(sql, values, execution_options=plan.options), take), where
    )


def _many_rows(plan: Plan, conn: Connection, template: RowTemplate, chunks: list[tuple[int, list[Any]]]) -> Any:
    """Send the sets in statements of many rows each."""
    sender, run = _RowSender(plan, conn, template), partial(_run, plan, conn)
    taken: list[Any] = []
    first = 0
    for count, values in chunks:
        send = partial(sender.send, values, len(values) // count)
        found = send_together(conn, plan.rules, send, run, first, count, is_one_statement=True)
        first += count
        if not plan.form.returning:
            taken.append(plan.rules.rows_changed(conn, found))
        elif len(found) == count:
            taken += found
        else:
            hint = "DO NOTHING returns no row when the row already exists; DO UPDATE returns it"
            raise plan.error(RowError, f"{count} sets of the batch returned {len(found)} rows", hint)
    return taken if plan.form.returning else sum(taken)


class _RowSender:
    """Sends sets of one batch, in a statement of many rows."""

    def __init__(self, plan: Plan, conn: Connection, template: RowTemplate) -> None:
        self._plan, self._conn, self._template = plan, conn, template
        self._by_driver = (plan.builds or not plan.form.returning) and may_bypass_core(conn)
        driver = conn.connection.dbapi_connection
        self._numbered = self._by_driver and plan.rules.numbered_cursor(driver) is not None
        self._take = plan.read_all if plan.form.returning else _rowcount
        self._texts: dict[int, str] = {}

    def send(self, values: list[Any], width: int, start: int, stop: int, where: str) -> Any:
        """Send the sets from ``start`` up to, not including, ``stop``; each has ``width`` values."""
        plan, conn, count = self._plan, self._conn, stop - start
        text = self._texts.get(count)
        if text is None:
            text = self._texts[count] = _text(plan, self._template, count, self._numbered)
        given = tuple(values[start * width : stop * width])  # a list would mean executemany
        if not self._by_driver:
            return _sent(plan, conn, text, given, self._take, where)
        make, spelling = (
            partial(_cursor, plan, conn, self._numbered),
            partial(_text, plan, self._template, count, False),
        )
        return plan.send_to_driver(conn, make, text, given, self._take, spelling, where)


def _cursor(plan: Plan, conn: Connection, numbered: bool) -> Any:
    driver = conn.connection
    return plan.rules.numbered_cursor(driver.dbapi_connection) if numbered else driver.cursor()


def _text(plan: Plan, template: RowTemplate, count: int, numbered: bool) -> str:
    """The statement for ``count`` rows; ``numbered`` writes ``$1, $2, …``."""
    style = "qmark" if numbered else plan.paramstyle
    marks = map("${}".format, itertools.count(1)) if numbered else itertools.repeat(MARKS[style])
    parts = [None if isinstance(part, Placeholder) else escaped_marks(part, style) for part in template.row]
    rows = ["".join([next(marks) if part is None else part for part in parts]) for _ in range(count)]
    before, after = escaped_marks(template.before, style), escaped_marks(template.after, style)
    return f"{name_comment(plan.definition.name)}{before}{', '.join(rows)}{after}"
