"""Call all functions of a generated package on one engine: the package and an empty database in; a LawReport out.

The tables are filled in stages.  In each stage every function is called in a transaction that is rolled back.
"""

from __future__ import annotations

import itertools
import types
import typing
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, CursorResult, exc

from pydb.database import Database
from pydb.database.error_translation import translated
from pydb.errors import (
    ConstraintViolation,
    DatabaseError,
    NoRow,
    NotNullViolation,
    ParameterError,
    PydbError,
    RecordError,
    StatementTimeout,
    TooManyRows,
)
from pydb.execution.result_columns import UNFIT
from pydb.prove.adverse import AdverseTable, AdverseValues, adverse_of
from pydb.prove.arguments import Pool, argument_sets, count_optional, sets_of, sets_type, takes_anything, unlike
from pydb.prove.codes import code_of_broken, code_of_failed
from pydb.prove.promise import broken_promise, broken_row, hints_of, is_open
from pydb.prove.report import Broken, LawReport, Unproven
from pydb.prove.rows import STAGES, Filler
from pydb.queries import Queries
from pydb.statement import Statement
from pydb.support.absent import ABSENT

__all__ = ["Arguments", "as_list", "calls_of", "is_a_call", "prove_calls"]

Arguments = tuple[tuple[Any, ...], dict[str, Any]]
"""The arguments of a call after the connection: positional ones (the sets of a batch), and those by name."""

_CALLS = 14
"""The highest number of calls of one statement in one stage."""

_ENOUGH = 4
"""The number of successful calls of a statement that end a stage."""

_LONGEST_ARGUMENTS = 200


@dataclass(slots=True)
class _Tally:
    """The results for one statement: the parameters for which None worked, and those for which a column refused it."""

    held: int = 0
    broken: list[Broken] = field(default_factory=list)
    refusal: str = ""
    none_held: set[str] = field(default_factory=set)
    none_refused: dict[str, Broken] = field(default_factory=dict)


def prove_calls(database: Database, package: ModuleType, engine: str) -> LawReport:
    """Call each statement that has a form on the engine, and compare the results with the signatures.

    The database must have the schema and no rows; the calls insert rows.  Raises PydbError if it cannot be read.
    """
    report = LawReport(engine)
    queries: Queries = import_module(f"{package.__name__}.records").queries
    statements = [statement for statement in queries if engine in statement.definition.forms]
    functions = {statement.name: _function(package, statement) for statement in statements}
    adverse = adverse_of(engine)
    with database.begin() as conn:
        tables = adverse.tables(lambda query: _ask(conn, query).fetchall())
    filler = Filler(tables)
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for stage in ("empty", *STAGES):
        if stage != "empty":
            with database.begin() as conn:
                filler.fill(conn, stage)
        with database.begin() as conn:
            pool = _pool(conn, tables)
        caller = _Caller(database, adverse, report, stage, queries)
        for name, function in functions.items():
            if not tallies[name].broken:
                caller.call(name, function, pool, tallies[name])
    _finish(report, functions, tallies, filler)
    return report


def _finish(
    report: LawReport, functions: dict[str, Callable[..., Any]], tallies: dict[str, _Tally], filler: Filler
) -> None:
    report.called = len(functions)
    report.empty_tables = filler.empty
    for name, tally in tallies.items():
        if not tally.broken:
            # The signature allows None, but the column never does.
            tally.broken += [item for key, item in tally.none_refused.items() if key not in tally.none_held]
        report.broken += tally.broken
        if not tally.broken and tally.held:
            report.held.append(name)
        elif not tally.broken:
            report.unproven.append(Unproven(report.engine, name, tally.refusal))
    report.anything = [name for name, function in functions.items() if any(map(is_open, hints_of(function).values()))]


def _function(package: ModuleType, statement: Statement) -> Callable[..., Any]:
    namespace, _, name = statement.name.rpartition(".")
    function: Callable[..., Any] = getattr(import_module(f"{package.__name__}.{namespace}"), name)
    return function


def _pool(conn: Connection, tables: Sequence[AdverseTable]) -> dict[str, list[Any]]:
    """Some values of each column by its name, from all tables; for foreign keys the values of the parent rows."""
    pool: dict[str, list[Any]] = defaultdict(list)
    for table in tables:
        _add(pool, conn, f"SELECT * FROM {table.name} LIMIT 12")
    parents: dict[str, list[Any]] = defaultdict(list)
    for table in tables:
        for here, there, columns in table.references:
            named = ", ".join(f"{column} AS {name}" for name, column in zip(here, columns, strict=True))
            _add(parents, conn, f"SELECT {named} FROM {there} ORDER BY 1 DESC LIMIT 4")
    # The last parents have no children: a new row may refer to them.
    return {
        name: unlike([*pool[name][:2], *parents[name], *pool[name][2:]]) for name in dict.fromkeys([*pool, *parents])
    }


def _ask(conn: Connection, query: str) -> CursorResult[Any]:
    return conn.exec_driver_sql(query, execution_options={"no_parameters": True})


def _add(pool: dict[str, list[Any]], conn: Connection, query: str) -> None:
    savepoint = conn.begin_nested()
    try:
        found = _ask(conn, query)
        names, rows = list(found.keys()), found.fetchall()
    except (exc.DBAPIError, ValueError):
        savepoint.rollback()  # the driver cannot read one of the values
        return
    savepoint.commit()
    for index, name in enumerate(names):
        pool[name] += [row[index] for row in rows if row[index] is not None]


@dataclass(slots=True)
class _Caller:
    """Calls statements while the tables contain the rows of one stage."""

    database: Database
    adverse: AdverseValues
    report: LawReport
    stage: str
    queries: Queries

    def call(self, name: str, function: Callable[..., Any], pool: dict[str, list[Any]], tally: _Tally) -> None:
        """Call until enough calls have succeeded or a promise is broken."""
        worked = 0
        enough, free = _ENOUGH + count_optional(function), takes_anything(function)
        for given, named in calls_of(function, pool, ("empty", *STAGES).index(self.stage)):
            if not is_a_call(self.queries[name], self.report.engine, named):
                continue
            outcome = self._call_once(function, given, named)
            self.report.calls += 1
            missing = [key for key, value in named.items() if value is None]
            if outcome is None:
                worked += 1
                tally.held += 1
                tally.none_held.update(missing)
            else:
                written = ", ".join([*map(repr, given), *(f"{key}={value!r}" for key, value in named.items())])
                code, came = outcome
                broken = Broken(
                    self.report.engine, name, came, written[:_LONGEST_ARGUMENTS], self.stage, code or "P101"
                )
                if code is not None:
                    tally.broken.append(broken)
                    return
                self.report.data_refusals += 1
                tally.refusal = came
                if len(missing) == 1 and not free and came.startswith(NotNullViolation.__name__):
                    tally.none_refused[missing[0]] = broken
            if worked >= enough:
                return

    def _call_once(
        self, function: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[str | None, str] | None:
        """None if the call kept its promise; or else a code, which is None if the data caused the error, and a text."""
        with self.database.connect() as conn:
            transaction = conn.begin()
            try:
                with translated(self.database.rules):
                    result = function(conn, *given, **named)
                    came, promised = as_list(result, hints_of(function)["return"])
                    wrong = broken_promise(came, promised)
                if wrong is None:
                    return None
                return code_of_broken(wrong), f"{wrong}; row {broken_row(came, promised)!r}"
            except Exception as error:
                return self._judge(error, anything=takes_anything(function))
            finally:
                if transaction.is_active:
                    transaction.rollback()

    def _judge(self, error: Exception, *, anything: bool) -> tuple[str | None, str]:
        # The finding has the statement and its place; those of the error are in the copy that is called.
        said = error.message if isinstance(error, PydbError) else error
        words = f"{type(error).__name__}: {said}"
        if isinstance(error, NoRow | TooManyRows | ConstraintViolation | StatementTimeout):
            return None, words
        if getattr(error, "hint", None) == UNFIT or (isinstance(error, RecordError) and self.stage == STAGES[-1]):
            return None, words  # Python has no such value, and the error names it
        if isinstance(error, DatabaseError):
            if error.orig is not None:
                words += f" ({error.orig})"
            return None if anything or self.adverse.is_of_the_data(error) else "P101", words
        refused = anything and isinstance(error, ParameterError)
        return None if refused else code_of_failed(type(error).__name__, words), words


def is_a_call(statement: Statement, engine: str, named: Mapping[str, Any]) -> bool:
    """Whether a statement with optional lines has a variant for these arguments."""
    optional = statement.definition.optional
    if not optional:
        return True
    try:
        bound = statement.text(engine, **named).compile().params
    except ParameterError:
        return False
    return not any(optional[key].needed and named.get(key, ABSENT) is ABSENT for key in bound if key in optional)


def as_list(result: Any, annotation: Any) -> tuple[Any, Any]:
    """The rows of a stream as a list, with the annotation of that list; any other result unchanged."""
    if typing.get_origin(annotation) is not Iterator:
        return result, annotation
    return list(result), types.GenericAlias(list, typing.get_args(annotation))


def calls_of(function: Callable[..., Any], pool: Pool, turn: int, limit: int = _CALLS) -> Iterator[Arguments]:
    """The arguments of ``limit`` calls: positional ones for a batch, named ones for other statements."""
    wanted = sets_type(function)
    if wanted is None:
        yield from (((), named) for named in argument_sets(function, pool, limit, turn))
        return
    sets = sets_of(wanted, pool, limit)
    yield ([],), {}
    for one in sets:
        yield ([one],), {}
    for two in itertools.pairwise(sets):
        yield (list(two),), {}
