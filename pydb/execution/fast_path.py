"""Generate the call of a statement: a plan whose columns are known in, one function that does the whole call out.

The function is generated, as dataclasses generates ``__init__``.  The reason is speed: each call has so little work
left that a loop or another function call would double it.  On SQLite, in point reads, a plain closure took 1.05, 1.14
and 1.22 times as long in three runs, and the general call 3.97 times.  The text that is generated for the sample's
``users.by_id`` is beside this file: ``users_by_id.sqlite.txt``, ``users_by_id.postgresql.txt`` and
``users_by_id.mariadb.txt``.

For an asynchronous connection the same lines are generated, with ``await`` before each call that waits for the
driver's connection: ``users_by_id.postgresql.async.txt``.

The function handles only the common case, on the driver path.  In every other case it calls the general call, before
anything is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from textwrap import indent
from typing import Any

from pydb.engines.base import Rules
from pydb.execution.call_log import observed
from pydb.execution.core_internals import ConnectionProbe
from pydb.execution.driver_sql import DriverSql
from pydb.execution.native_failures import native_failure
from pydb.execution.plan import MAX_TEXTS, Plan
from pydb.sqlfile.row_word import RowWord
from pydb.support.absent import ABSENT
from pydb.values import adapters
from pydb.values.row_builder import compiled_source

__all__ = ["FastCall", "ParameterNames", "fast_call", "general_by_position", "may_be_generated", "source_of"]

FastCall = Callable[..., Any]
"""The function that a call of a ``Statement`` runs: ``(conn, *sets, **parameters)``."""

MAX_PARAMETERS = 1_000
"""The maximum number of parameters: the time to compile a function grows with the square of their number."""


AWAITED_ROWS = 200
"""The number of rows that an asynchronous call fetches from its cursor at a time."""

_NONE: Mapping[str, Any] = {}

_TEMPLATE = """\
{head}, {header}):
{underscored}
{connection}
    _driver = _probe(_conn)
    try:
{bind}
    except Exception:
        _driver = None
    if {in_doubt}:
        {fall_back}
{lists}
    _cursor = None
    try:
{open}
{send}
{take}
    except BaseException as _error:
        _failure = {waits}_driver_failure({given}, _error, _core_spelling({sizes}), _cursor, {values})
    raise _failure
"""


def fast_call(
    plan: Plan, probe: ConnectionProbe, general_call: FastCall, *, awaits: bool = False, by_position: bool = False
) -> FastCall | None:
    """The generated function for calls on the connections of the probe's engine; None if it cannot be generated yet.

    ``awaits`` makes a coroutine function for Core's AsyncConnection.  ``by_position`` makes a function that takes each
    parameter by position, for a dispatcher that knows which were passed.
    """
    sql, word = plan.driver_sql, plan.definition.row_word
    if (
        observed()
        or sql is None
        or (awaits and plan.async_cursors_of is None)
        or not may_be_generated(plan)
        or (plan.columns.builder is None and not word.returns_no_rows)
    ):
        return None
    source = source_of(plan, sql, awaits=awaits, by_position=by_position)
    scope = _scope(plan, sql, probe, general_call, awaits)
    call: FastCall = compiled_source(source.split("\n"), scope)["call"]
    return call


def may_be_generated(plan: Plan) -> bool:
    """Whether a function can be generated for a statement once its columns are known; if not, use the general call."""
    sql, word = plan.driver_sql, plan.definition.row_word
    if sql is None or (sql.takes_mapping and sql.names_clash) or word.streams or word.takes_sets:
        return False
    if plan.commits or plan.may_give_results or plan.form.writes_outside or len(plan.binder.names) > MAX_PARAMETERS:
        return False
    if plan.reads_json and type(plan.rules).json_as_text is not Rules.json_as_text:
        return False
    return word.returns_no_rows or (plan.builds and plan.form.fixes_columns)


def general_by_position(parameters: tuple[str, ...], general_call: FastCall) -> FastCall:
    """The general call as a function that takes each parameter by position."""
    names = ParameterNames(parameters)
    source = [f"def call(_conn, {names.listed()}):", f"    return _fall_back(_conn, {names.given()})"]
    call: FastCall = compiled_source(source, {"_fall_back": _fall_back(general_call)})["call"]
    return call


def source_of(plan: Plan, sql: DriverSql, *, awaits: bool = False, by_position: bool = False) -> str:
    """The text of the function."""
    names, waits = ParameterNames(plan.definition.parameters), "await " if awaits else ""
    given = "_async_conn" if awaits else "_conn"
    if by_position:
        header, underscored, in_doubt, others = names.listed(), [], "_driver is None", ""
    else:
        header, underscored = f"/, *_sets, {names.header()}**_unknown", names.underscored()
        in_doubt, others = "_driver is None or _sets or _unknown", ", _sets, _unknown"
    fall_back = f"return {waits}_fall_back({given}, {names.given()}{others})"
    execute = f"{waits}_cursor.execute({'_text' if sql.lists else '_sql'}, {_values(sql, names)})"
    text = _TEMPLATE.format(
        head=f"async def call({given}" if awaits else f"def call({given}",
        header=header,
        given=given,
        waits=waits,
        connection='    _conn = _getattr(_async_conn, "sync_connection", None)' if awaits else "",
        underscored=_lines(underscored, 1),
        in_doubt=in_doubt,
        bind=_lines(_bind(plan, sql, names), 2),
        fall_back=fall_back,
        lists=_lines(_lists(sql, names, fall_back), 1),
        open=_lines(_open(plan, awaits), 2),
        send=_lines(_refused(execute, fall_back) if plan.rules.driver_checks_integers else [execute], 2),
        take=_lines(_take(plan, waits), 2),
        sizes=_sizes(sql, names),
        values=_values(sql, names),
    )
    return "\n".join(line for line in text.split("\n") if line)


def _lines(lines: Sequence[str] | Iterator[str], depth: int) -> str:
    return indent("\n".join(lines), "    " * depth)


def _fall_back(general_call: FastCall) -> FastCall:
    """The function that generated code calls with its arguments; those that were left out are ``ABSENT``."""

    def fall_back(conn: Any, given: dict[str, Any], sets: Any = (), unknown: Mapping[str, Any] = _NONE) -> Any:
        known = {name: value for name, value in given.items() if value is not ABSENT}
        return general_call(conn, *sets, **known, **unknown)

    return fall_back


def _scope(plan: Plan, sql: DriverSql, probe: ConnectionProbe, general_call: FastCall, awaits: bool) -> dict[str, Any]:
    """The names that the function uses, and their values."""
    names: dict[str, Any] = {"type": type, "len": len, "int": int, "str": str, "absent": ABSENT, "getattr": getattr}
    names |= {
        "probe": probe,
        "fall_back": _fall_back(general_call),
        "adapt": plan.binder.adapt,
        "adapters": plan.binder.adapters,
    }
    names |= {"sql": sql.sql, "texts": _texts(sql), "core_spelling": sql.core_spelling, "named": sql.named}
    names |= {
        "driver_failure": partial(native_failure, plan) if awaits else plan.driver_failure,
        "miscounted": plan.miscounted,
        "cursors_of": plan.async_cursors_of if awaits else plan.cursors_of,
    }
    names |= {
        "prepare": plan.rules.prepare_connection,
        "rows_of": plan.rules.rows,
        "rows_changed": plan.rules.rows_changed,
    }
    names |= {
        f"adapters_p{index}": plan.binder.typed.get(name) for index, name in enumerate(plan.definition.parameters)
    }
    scope = {f"_{name}": value for name, value in names.items()}
    if plan.columns.builder is not None:
        scope |= {"_build": plan.columns.builder.many, **plan.columns.builder.construction.scope}
    return scope


class ParameterNames:
    """The names of the parameters in a generated function, whose other names all begin with an underscore."""

    def __init__(self, parameters: tuple[str, ...]) -> None:
        self.all = parameters
        self.variables: dict[str, str] = {}
        self._adapted: dict[str, str] = {}
        for index, name in enumerate(parameters):
            self.variables[name] = f"_o{index}" if name.startswith("_") else name
            self._adapted[name] = f"_p{index}"

    def header(self) -> str:
        """The parameters of the signature; those that begin with an underscore are not in it."""
        return "".join(f"{name}=_absent, " for name in self.plain())

    def plain(self) -> list[str]:
        """The names that do not begin with an underscore."""
        return [name for name in self.all if self.variables[name] == name]

    def listed(self, names: Sequence[str] | None = None) -> str:
        """The variables of these parameters, by default of all, as positional arguments or parameters."""
        return "".join(f"{self.variables[name]}, " for name in (self.all if names is None else names))

    def underscored(self) -> list[str]:
        """The lines that take the parameters that begin with an underscore out of ``_unknown``."""
        pairs = [(variable, name) for name, variable in self.variables.items() if variable != name]
        return [f"{variable} = _unknown.pop({name!r}, _absent)" for variable, name in pairs]

    def given(self) -> str:
        """The expression of a dictionary of the caller's arguments; ``_absent`` for those that were left out."""
        return "{" + ", ".join(f"{name!r}: {variable}" for name, variable in self.variables.items()) + "}"

    def adapted(self, name: str) -> str:
        """The variable of the adapted value."""
        return self._adapted[name]


def _bind(plan: Plan, sql: DriverSql, names: ParameterNames) -> Iterator[str]:
    """The lines that adapt each parameter."""
    for name, given in names.variables.items():
        if name in sql.lists:
            yield f"{names.adapted(name)} = _adapt({name!r}, {given})"
        else:
            table = f"_adapters{names.adapted(name)}" if name in plan.binder.typed else "_adapters"
            adapted = f"{table}[_type({given})]({given})"
            passes = _passes(plan, name, given)
            yield f"{names.adapted(name)} = " + (f"{given} if {passes} else {adapted}" if passes else adapted)
    yield "pass"


def _passes(plan: Plan, name: str, value: str) -> str:
    """The condition for passing an int or a str to the driver unchanged."""
    takes = plan.binder.adapters_of(name)
    limits = f"{adapters.MIN_INTEGER} <= {value} <= {adapters.MAX_INTEGER}"
    checked = "" if plan.rules.driver_checks_integers else f" and {limits}"
    conditions = [
        *([f"_type({value}) is _int{checked}"] if takes[int] is adapters.integer else []),
        *([f"_type({value}) is _str and {value}.isascii()"] if takes[str] is adapters.text else []),
    ]
    return " or ".join(conditions)


def _refused(execute: str, fall_back: str) -> list[str]:
    """The lines that send the statement, and fall back if the driver refuses an integer, when nothing was sent."""
    return ["try:", f"    {execute}", "except OverflowError:", "    _driver = None", f"if _driver is None: {fall_back}"]


def _lists(sql: DriverSql, names: ParameterNames, fall_back: str) -> list[str]:
    """The lines that choose the text by the sizes of the lists; for an empty list they fall back."""
    lists = [names.adapted(name) for name in sql.lists]
    if not lists:
        return []
    return [f"if not ({' and '.join(lists)}): {fall_back}", f"_text = _texts({_sizes(sql, names)})"]


def _sizes(sql: DriverSql, names: ParameterNames) -> str:
    return "(" + "".join(f"_len({names.adapted(name)}), " for name in sql.lists) + ")"


def _values(sql: DriverSql, names: ParameterNames) -> str:
    """The expression of the driver's parameters."""
    if sql.takes_mapping:
        return "{" + ", ".join(_named(sql, name, names.adapted(name)) for name in names.all) + "}"
    return "(" + "".join(f"{'*' * (name in sql.lists)}{names.adapted(name)}, " for name in sql.order) + ")"


def _named(sql: DriverSql, name: str, adapted: str) -> str:
    """A parameter in the expression of the driver's mapping."""
    return f"**_named({name!r}, {adapted})" if name in sql.lists else f"{name!r}: {adapted}"


def _open(plan: Plan, awaits: bool) -> list[str]:
    """The lines that make the cursor."""
    if not awaits and plan.cursors_of is None:
        return [*(["_prepare(_conn)"] if plan.prepares else []), "_cursor = _driver.cursor()"]
    return ["_cursors = _cursors_of(_conn, _driver)", "_cursor = _cursors.acquire(_sql)"]


def _take(plan: Plan, waits: str) -> list[str]:
    """The lines that read the cursor, by the statement's row word."""
    word, builder = plan.definition.row_word, plan.columns.builder
    release = ["_cursors.release(_sql, _cursor)"] if waits or plan.cursors_of is not None else []
    if word is RowWord.AFFECTED:
        return _return("_rows_changed(_conn, _cursor.rowcount)", release)
    if word is RowWord.EXEC or builder is None:
        return [*(release or ["_cursor.close()"]), "return None"]
    rows = f"{waits}_cursor.fetchall()" if waits else "_rows_of(_cursor)"
    if word is RowWord.MANY and waits and builder.grouping is None:
        # In pieces, so that few of the driver's rows are in memory at a time, as in Rules.rows.
        piece = f"{waits}_cursor.fetchmany({AWAITED_ROWS})"
        return ["_made = []", f"while _some := {piece}:", "    _made += _build(_some)", *release, "return _made"]
    if word is RowWord.MANY:
        return _return(f"_build({rows})", release)
    # An asynchronous driver's cursor cannot be closed without await, and does not need to be closed.
    cursor = "None" if waits else "_cursor"
    if builder.grouping is not None:
        no_root = ["if not _roots:", *(f"    {line}" for line in _return("None", release))]
        return [
            f"_roots = _build({rows})",
            *(no_root if word is RowWord.MAYBE else []),
            "if _len(_roots) == 1:",
            *(f"    {line}" for line in _return("_roots[0]", release)),
            f"raise _miscounted(_conn, {cursor}, _roots[0] if _roots else None)",
        ]
    made = builder.construction
    counted = "_cursor.rowcount == 1 or " if plan.rules.driver_counts_rows else ""
    no_row = ["if _values is None:", *(f"    {line}" for line in _return("None", release))]
    return [
        f"_values = {waits}_cursor.fetchone()",
        *(no_row if word is RowWord.MAYBE else []),
        f"if _values is not None and ({counted}{waits}_cursor.fetchone() is None):",
        f"    {made.unpack}= _values",
        *(f"    {line}" for line in made.lines),
        *(f"    {line}" for line in _return(made.result, release)),
        f"raise _miscounted(_conn, {cursor}, _values)",
    ]


def _return(made: str, release: list[str]) -> list[str]:
    """The lines that return a value.  The cursor is released after the value is made: on a failure it is closed."""
    return [f"_made = {made}", *release, "return _made"] if release else [f"return {made}"]


def _texts(sql: DriverSql) -> Callable[[tuple[int, ...]], str]:
    """A function that returns the text for the sizes of the lists, from a cache."""
    known: dict[tuple[int, ...], str] = {}

    def text_for(sizes: tuple[int, ...]) -> str:
        text = known.get(sizes)
        if text is None:
            text = sql.text(sizes)
            if len(known) < MAX_TEXTS:
                known[sizes] = text
        return text

    return text_for
