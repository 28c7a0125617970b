"""``pydb run``: a statement's name and parameters in; its rows, and on the error stream its time, out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, event

import pydb
from pydb.cli.arguments import Classes, displayed, keys, parameters
from pydb.cli.completion import complete_file, complete_pairs, complete_statements
from pydb.cli.connect import database_at, entered, refuse_absent_file
from pydb.cli.inputs import parameter_sets
from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.known_types import known_types
from pydb.cli.list_show import definition_named
from pydb.cli.nested_rows import nested_columns, nested_roots
from pydb.cli.options import db_option, sql_option
from pydb.cli.output import WRITERS
from pydb.cli.printing import say
from pydb.cli.progress import counted
from pydb.cli.row_values import record_kinds, typed_rows
from pydb.engines.base import Rules, rules_of
from pydb.errors import ParameterError, PydbError
from pydb.execution.runner import Runner
from pydb.execution.statement_types import StatementTypes
from pydb.project import Project, engine_of, find_project, url_of
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.lexer import token_list
from pydb.sqlfile.loader import read
from pydb.sqlfile.nested import Nesting
from pydb.sqlfile.row_word import RowWord
from pydb.sqlfile.tokens import TokenList
from pydb.sqlfile.verbs import CHANGES_ROWS, READS
from pydb.statement import Statement
from pydb.support.escapes import listed
from pydb.support.plurals import number_of

__all__ = ["run_command"]

_CHANGES_INSIDE = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})
_BEFORE_LOCK = frozenset({"NO", "KEY"})

Call = Callable[[Statement, Connection], Any]
Typed = Callable[[Iterable[Sequence[Any]], Sequence[tuple[str, Any]]], Iterable[Sequence[Any]]]
Nest = Callable[[list[str], Iterable[Sequence[Any]]], tuple[list[str], Iterable[Sequence[Any]]]]


class _Undo(Exception):
    """Raised to leave a transaction without a commit."""


@dataclass(frozen=True, slots=True)
class _ImplicitCommit:
    """The way in which a statement commits the transaction by itself; if not ``certain``, it is only possible."""

    what: str
    certain: bool


@dataclass(slots=True)
class _Trips:
    """The number of round trips, and the columns of the last result with their type codes."""

    count: int = 0
    columns: tuple[tuple[str, Any], ...] = ()

    def note(self, _conn: Connection, cursor: Any, *_rest: Any) -> None:
        self.count += 1
        self.columns = tuple((column[0], column[1]) for column in cursor.description or ())


@click.command("run")
@click.argument("name", shell_complete=complete_statements)
@click.argument("pairs", metavar="[key=value]...", nargs=-1, shell_complete=complete_pairs)
@sql_option
@db_option
@click.option("--format", "format_", type=click.Choice(sorted(WRITERS)), default="table", show_default=True)
@click.option(
    "--input",
    "source",
    metavar="FILE",
    shell_complete=complete_file,
    help="The parameter sets of a :batch statement: a .json or .csv file, or - for standard input.",
)
@click.option("--commit", is_flag=True, help="Commit the changes; without this option they are rolled back.")
@pass_done_so_far
def run_command(
    done_so_far: DoneSoFar,
    name: str,
    pairs: tuple[str, ...],
    sql: str | None,
    db: str | None,
    format_: str,
    source: str | None,
    commit: bool,
) -> None:
    """Run one statement and print its rows.

    A parameter is key=value.  Its type is the type that `-- @param` declares or that the database expects.  If neither
    is known, 42 is a whole number, 9.99 a decimal number, true, false and null are those values, [1, 2] and {"a": 1}
    are JSON, and everything else (007 too) is text.  key:=JSON gives an exact value: name:='"42"' is text, ratio:=1.5
    is a float.  For IN (:ids) write ids=1 ids=2 or ids='[1, 2]'.  Optional parameters may be left out.
    """
    project = find_project(Path.cwd())
    definition = definition_named(read(project.sql_path(sql), None), name)
    url = url_of(db, project)
    statement_form = definition.forms.get(engine_of(url))
    writes = commit or _writes(statement_form, engine_of(url))
    rules = rules_of(engine_of(url))
    implicit = _implicit_commit(statement_form, rules)
    if implicit is not None and not commit:
        raise PydbError(f"{implicit.what} on {rules.product}", hint="add --commit")
    if source is None:
        _check_names(definition, keys(definition, pairs))
    refuse_absent_file(url)
    # The package was not generated from the SQL that --sql names.
    types = known_types(project if sql is None else Project(), definition, url, engine_of(url))
    typed = replace(definition, parameter_types={**types, **definition.parameter_types})
    call = _call(typed, pairs, source, project.own_modules.classes(definition))
    found = StatementTypes({"parameters": {name: str(type_) for name, type_ in types.items()}})
    nesting = statement_form.nesting if statement_form is not None else None
    if nesting is not None and format_ == "csv":
        raise PydbError("nested rows cannot be written as CSV", hint="use --format json or --format table")
    flat = _flat(definition, nesting)
    statement = Statement(flat, Runner(flat, {}, found))
    kinds = record_kinds(project, definition, nesting) if sql is None else {}
    with database_at(url) as database:
        trips = _Trips()
        event.listen(database.engine, "after_cursor_execute", trips.note)
        if writes:
            done_so_far.set("rolled back, nothing is kept")
            done_so_far.watch_commit(database.engine)
        with _transaction(database, writes, commit) as conn:
            trips.count = 0
            started = time.perf_counter()
            if implicit is not None:
                done_so_far.set(f"{implicit.what} on {rules.product}: it is not known what was kept")
            result = call(statement, conn)
            if implicit is not None and implicit.certain:
                done_so_far.set(f"{implicit.what} on {rules.product}: it was done")
            typed_as = partial(typed_rows, kinds=kinds, rules=database.rules)
            nest = partial(_nested, definition, nesting)
            count = _print(flat, result, format_, trips, typed_as, nest)
            milliseconds = (time.perf_counter() - started) * 1000
        if commit:
            done_so_far.set("the transaction was committed")
    sys.stdout.flush()  # the rows come first if both streams are the same file
    done = "done" if definition.row_word is RowWord.EXEC else number_of(count, "row")
    undone = "; rolled back, nothing is kept: add --commit to keep it" if writes and not commit else ""
    say(f"{done}, {milliseconds:.1f} ms, {number_of(trips.count, 'round trip')}{undone}", err=True)


def _flat(definition: Definition, nesting: Nesting | None) -> Definition:
    """The statement without records: its rows are flat, and one root may have several rows."""
    grouped = nesting is not None and nesting.groups and definition.row_word.at_most_one
    return replace(definition, row_word=RowWord.MANY) if grouped else definition


def _writes(form: Form | None, engine: str) -> bool:
    return form is not None and (form.verb not in READS or _writes_inside(token_list(form.sql, engine)))


def _writes_inside(code: TokenList) -> bool:
    """Whether a statement that begins as a query changes rows in a sub-query, or locks rows."""
    changes = any(code.word(i + 1) in _CHANGES_INSIDE for i in code.at.get("(", ()))
    locks = (code.word(code.after(i, _BEFORE_LOCK)) for i in code.at.get("FOR", ()))
    return changes or not {"UPDATE", "SHARE"}.isdisjoint(locks)


def _implicit_commit(form: Form | None, rules: Rules) -> _ImplicitCommit | None:
    """How a statement commits the transaction, or may commit it; None for a statement that can be rolled back."""
    if not rules.ddl_commits or form is None or form.verb in READS | CHANGES_ROWS:
        return None
    # What a procedure does is not known here.
    certain = rules.commits_by_itself(form)
    return _ImplicitCommit(f"{form.verb} {'commits at once' if certain else 'may commit by itself'}", certain)


def _call(definition: Definition, pairs: Sequence[str], source: str | None, classes: Classes) -> Call:
    if source is None:
        given = parameters(definition, pairs, classes)
        if definition.row_word.takes_sets:
            return lambda statement, conn: statement(conn, [given])
        return lambda statement, conn: statement(conn, **given)
    if not definition.row_word.takes_sets:
        raise PydbError(f"{definition.name} is :{definition.row_word}, but --input is for :batch statements")
    if pairs:
        raise PydbError("give the parameters either as key=value or by --input")
    sets = parameter_sets(definition, source, classes)
    return lambda statement, conn: statement(conn, counted(sets, "sending", len(sets)))


def _check_names(definition: Definition, given: Collection[str]) -> None:
    required = [name for name in definition.parameters if name not in definition.optional]
    missing = [name for name in required if name not in given]
    known = set(definition.parameters)
    unknown = [name for name in given if name not in known]
    if missing or unknown:
        parts = [f"missing {', '.join(map(definition.written, missing))}"] * bool(missing) + [
            f"unknown {listed(unknown)}"
        ] * bool(unknown)
        usage = " ".join(["pydb run", definition.name, *(_usage(definition, name) for name in definition.parameters)])
        raise ParameterError(f"{definition.name}: parameters: {'; '.join(parts)}", hint=usage)


def _usage(definition: Definition, name: str) -> str:
    """``id=…``, in square brackets if it may be left out."""
    spelled = displayed(definition, name).replace("?", "")
    spelled = spelled if "=" in spelled else f"{spelled}=…"
    return f"[{spelled}]" if name in definition.optional else spelled


@contextmanager
def _transaction(database: pydb.Database, writes: bool, commit: bool) -> Iterator[Connection]:
    with suppress(_Undo), entered(database.begin() if writes else database.read()) as conn:
        yield conn
        if writes and not commit:
            raise _Undo


def _nested(
    definition: Definition, nesting: Nesting | None, names: list[str], rows: Iterable[Sequence[Any]]
) -> tuple[list[str], Iterable[Sequence[Any]]]:
    """The names and rows of the roots, if the statement's rows are nested."""
    if nesting is None:
        return names, rows
    return nested_columns(nesting, names), nested_roots(definition, nesting, names, rows)


def _print(definition: Definition, result: Any, format_: str, trips: _Trips, typed: Typed, nest: Nest) -> int:
    if definition.row_word.streams:
        # A reader that stops early leaves the cursor open; it is closed before its connection.
        with closing(result):
            rows = result if sys.stdout.isatty() else counted(result, "rows")
            return _write(definition, rows, format_, trips, typed, nest)
    return _write(definition, result, format_, trips, typed, nest)


def _write(definition: Definition, result: Any, format_: str, trips: _Trips, typed: Typed, nest: Nest) -> int:
    rows = iter(_as_rows(definition, result))
    # The columns are known when the first row has arrived: a stream may not have been executed before.
    first = next(rows, None)
    count_only = isinstance(result, int) and definition.record is None
    columns = (("affected", None),) if count_only else trips.columns
    found = () if first is None else chain([first], rows)
    return WRITERS[format_](*nest([name for name, _ in columns], typed(found, columns)), sys.stdout)


def _as_rows(definition: Definition, result: Any) -> Iterable[Sequence[Any]]:
    """The result as rows: none, one or many; a scalar is a row with one column."""
    if definition.row_word.returns_no_rows or (definition.row_word.takes_sets and isinstance(result, int)):
        return [] if result is None else [(result,)]
    if definition.row_word is RowWord.ONE:
        rows = [result]
    elif definition.row_word is RowWord.MAYBE:
        rows = [] if result is None else [result]
    else:
        rows = result
    return ((value,) for value in rows) if definition.record == "scalar" else rows
