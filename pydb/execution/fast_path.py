"""The straight-line call: a plan whose columns are known in, one function that does the whole call out.

The function is generated, as dataclasses generates ``__init__``, because what is left to do per call is so little that
a loop or a call around it would cost as much.  It knows only the common case, on the short road.  On any doubt, and
before anything is sent, it hands the call over to ``careful``, which knows everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from pydb.execution.core_internals import Watch
from pydb.execution.driver_sql import DriverSql
from pydb.sqlfile.row_word import RowWord
from pydb.values import adapters
from pydb.values.row_builder import compiled

if TYPE_CHECKING:
    from pydb.execution.plan import Plan

Call = Callable[..., Any]
"""``(conn, *sets, **parameters)``: what calling a ``Statement`` calls."""

MAX_PARAMETERS = 1_000
"""How many a statement may have: the time in which Python compiles a function grows with the square of theirs."""

MAX_TEXTS = 100
"""For how many lengths of its lists for ``IN``, and for how many choices of empty ones, a statement keeps the text."""


class _Missing:
    """The default of every parameter: no adapter takes it."""


MISSING = _Missing()


def quick(plan: Plan, wire: DriverSql, watch: Watch, careful: Call) -> Call:
    """The function that runs ``plan`` where ``watch`` gives a driver's connection, else calls ``careful``."""

    def again(conn: Any, sets: Any, given: dict[str, Any], unknown: dict[str, Any]) -> Any:
        known = {name: value for name, value in given.items() if value is not MISSING}
        return careful(conn, *sets, **known, **unknown)

    scope: dict[str, Any] = {
        f"_{name}": value
        for name, value in [
            *[("type", type), ("len", len), ("int", int), ("str", str), ("missing", MISSING)],
            *[("again", again), ("adapt", plan.binder.adapt), ("adapters", plan.binder.adapters)],
            *[("sql", wire.sql), ("texts", _texts(wire)), ("shown", wire.shown)],
            *[("failed", plan.failed), ("miscounted", plan.miscounted)],
            *[("rows_of", plan.rules.rows), ("rows_changed", plan.rules.rows_changed)],
            ("cursors_of", plan.cursors_of),
        ]
    }
    if plan.columns.builder is not None:
        scope |= {"_build": plan.columns.builder.many, **plan.columns.builder.construction.scope}
    names = _Names(plan.definition.parameters)
    give_up = f"return _again(_conn, _sets, {names.given()}, _unknown)"
    text = "_text" if wire.lists else "_sql"
    execute = f"_cursor.execute({text}, {_values(wire, names)})"
    send = _refused(execute, give_up) if plan.rules.driver_checks_integers else [execute]
    source = [
        f"def call(_conn, /, *_sets, {names.header()}**_unknown):",
        *(f"    {line}" for line in names.odd()),
        *(f"    {line}" for line in watch.lines),
        "    try:",
        *(f"        {line}" for line in _bind(plan, wire, names)),
        "    except Exception:",
        "        _driver = None",
        "    if _driver is None or _sets or _unknown:",
        f"        {give_up}",
        *(f"    {line}" for line in _lists(wire, names, give_up)),
        "    _cursor = None",
        "    try:",
        *(f"        {line}" for line in _open(plan)),
        *(f"        {line}" for line in send),
        *(f"        {line}" for line in _take(plan)),
        "    except BaseException as _error:",
        f"        _failure = _failed(_conn, _error, _shown({_sizes(wire, names)}), _cursor, {_values(wire, names)})",
        "    raise _failure",
    ]
    call: Call = compiled(source, {**scope, **watch.scope})["call"]
    return call


class _Names:
    """The parameters' names as those of the generated function, whose own names all begin with an underscore."""

    def __init__(self, parameters: tuple[str, ...]) -> None:
        self.all = parameters
        self.variables: dict[str, str] = {}
        self._adapted: dict[str, str] = {}
        for index, name in enumerate(parameters):
            self.variables[name] = f"_o{index}" if name.startswith("_") else name
            self._adapted[name] = f"_p{index}"

    def header(self) -> str:
        return "".join(f"{name}=_missing, " for name in self.all if self.variables[name] == name)

    def odd(self) -> list[str]:
        """The lines that take the parameters that begin with an underscore too."""
        odd = [(variable, name) for name, variable in self.variables.items() if variable != name]
        return [f"{variable} = _unknown.pop({name!r}, _missing)" for variable, name in odd]

    def given(self) -> str:
        """The expression of what the caller gave, ``_missing`` where nothing."""
        return "{" + ", ".join(f"{name!r}: {variable}" for name, variable in self.variables.items()) + "}"

    def adapted(self, name: str) -> str:
        """The variable of the adapted value."""
        return self._adapted[name]


def _bind(plan: Plan, wire: DriverSql, names: _Names) -> Iterator[str]:
    """The lines that adapt each parameter."""
    for name, given in names.variables.items():
        if name in wire.lists or name in plan.binder.kinds:
            yield f"{names.adapted(name)} = _adapt({name!r}, {given})"
        else:
            yield f"{names.adapted(name)} = {given} if {_passes(plan, given)} else _adapters[_type({given})]({given})"
    yield "pass"


def _passes(plan: Plan, value: str) -> str:
    """The condition under which a value of one of the two commonest types goes to the driver as it is."""
    checked = (
        "" if plan.rules.driver_checks_integers else f" and {adapters.MIN_INTEGER} <= {value} <= {adapters.MAX_INTEGER}"
    )
    text = f" or _type({value}) is _str and {value}.isascii()" if plan.rules.adapters[str] is adapters.text else ""
    return f"_type({value}) is _int{checked}{text}"


def _refused(execute: str, give_up: str) -> list[str]:
    """The lines that send the statement, unless the driver cannot take an integer; then nothing was sent."""
    return ["try:", f"    {execute}", "except OverflowError:", "    _driver = None", f"if _driver is None: {give_up}"]


def _lists(wire: DriverSql, names: _Names, give_up: str) -> list[str]:
    """The lines that choose the text by the lengths of the lists; an empty list is written in another way."""
    lists = [names.adapted(name) for name in wire.lists]
    if not lists:
        return []
    return [f"if not ({' and '.join(lists)}): {give_up}", f"_text = _texts({_sizes(wire, names)})"]


def _sizes(wire: DriverSql, names: _Names) -> str:
    return "(" + "".join(f"_len({names.adapted(name)}), " for name in wire.lists) + ")"


def _values(wire: DriverSql, names: _Names) -> str:
    """The expression of the driver's parameters."""
    if wire.named:
        return "{" + ", ".join(f"{name!r}: {names.adapted(name)}" for name in names.all) + "}"
    return "(" + "".join(f"{'*' * (name in wire.lists)}{names.adapted(name)}, " for name in wire.order) + ")"


def _open(plan: Plan) -> list[str]:
    """The lines that make the cursor."""
    if plan.cursors_of is None:
        return ["_cursor = _driver.cursor()"]
    return ["_cursors = _cursors_of(_conn, _driver)", "_cursor = _cursors.take(_sql)"]


def _take(plan: Plan) -> list[str]:
    """The lines that read the cursor, by the statement's row word."""
    word, builder = plan.definition.row_word, plan.columns.builder
    keep = ["_cursors.keep(_sql, _cursor)"] if plan.cursors_of is not None else []
    if word is RowWord.AFFECTED:
        return _return("_rows_changed(_conn, _cursor.rowcount)", keep)
    if word is RowWord.EXEC or builder is None:
        return [*(keep or ["_cursor.close()"]), "return None"]
    if word is RowWord.MANY:
        return _return("_build(_rows_of(_cursor))", keep)
    made = builder.construction
    counted = "_cursor.rowcount == 1 or " if plan.rules.driver_counts_rows else ""
    return [
        "_values = _cursor.fetchone()",
        *(["if _values is None:", *(f"    {line}" for line in _return("None", keep))] if word is RowWord.MAYBE else []),
        f"if _values is not None and ({counted}_cursor.fetchone() is None):",
        f"    {made.unpack}= _values",
        *(f"    {line}" for line in made.lines),
        *(f"    {line}" for line in _return(made.result, keep)),
        "raise _miscounted(_conn, _cursor, _values)",
    ]


def _return(made: str, keep: list[str]) -> list[str]:
    """The lines that return a value; a cursor is kept when the value is made, for a failure would close it."""
    return [f"_made = {made}", *keep, "return _made"] if keep else [f"return {made}"]


def _texts(wire: DriverSql) -> Callable[[tuple[int, ...]], str]:
    """What gives the text for the lengths of the lists."""
    known: dict[tuple[int, ...], str] = {}

    def text_for(sizes: tuple[int, ...]) -> str:
        text = known.get(sizes)
        if text is None:
            text = wire.text(sizes)
            if len(known) < MAX_TEXTS:
                known[sizes] = text
        return text

    return text_for
