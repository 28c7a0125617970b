"""The straight-line call: a plan whose columns are known in, one function that does the whole call out.

The function is generated, as dataclasses generates ``__init__``, because what is left to do per call is so little that
a loop or a call around it would cost as much.  It knows only the common case, on the short road.  On any doubt, and
before anything is sent, it hands the call over to ``careful``, which knows everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from pydb import types
from pydb.records import compiled
from pydb.road import Clear
from pydb.wire import Wire

if TYPE_CHECKING:
    from pydb.plan import Plan

Call = Callable[..., Any]
"""``(conn, sets, parameters)``, as ``Statement`` calls it."""

MOST_TEXTS = 100
"""For how many lengths of its lists for ``IN`` a statement keeps the text."""


def quick(plan: Plan, wire: Wire, clear: Clear, careful: Call) -> Call:
    """The function that runs ``plan`` where ``clear`` gives a driver's connection, else calls ``careful``."""
    scope: dict[str, Any] = {
        "clear": clear,
        "careful": careful,
        "adapt": plan.binder.adapt,
        "adapters": plan.binder.adapters,
        "texts": _texts(wire),
        "failed": plan.failed,
        "miscounted": plan.miscounted,
        "rows_of": plan.rules.rows,
        "rows_changed": plan.rules.rows_changed,
    }
    if plan.builder is not None:
        scope |= {"build": plan.builder.many, **plan.builder.construction.scope}
    names = plan.definition.parameters
    source = [
        "def call(conn, sets, parameters):",
        "    driver = clear(conn)",
        f"    if driver is None or sets or len(parameters) != {len(names)}:",
        "        return careful(conn, sets, parameters)",
        "    try:",
        *(f"        {line}" for line in _bind(plan, wire, names)),
        "    except Exception:",
        "        return careful(conn, sets, parameters)",
        "    cursor = None",
        "    try:",
        "        cursor = driver.cursor()",
        f"        cursor.execute(sql, {_values(wire, names)})",
        *(f"        {line}" for line in _take(plan)),
        "    except BaseException as error:",
        f"        failure = failed(conn, error, sql, cursor, {_values(wire, names)})",
        "    raise failure",
    ]
    call: Call = compiled(source, scope)["call"]
    return call


def _bind(plan: Plan, wire: Wire, names: tuple[str, ...]) -> Iterator[str]:
    """The lines that take each parameter, adapt it, and choose the text."""
    for index, name in enumerate(names):
        value = f"p{index}"
        yield f"{value} = parameters[{name!r}]"
        if name in wire.lists:
            yield f"{value} = adapt({name!r}, {value})"
            yield f"if not {value}: return careful(conn, sets, parameters)"
        elif name in plan.binder.kinds:
            yield f"{value} = adapt({name!r}, {value})"
        else:
            yield f"if not ({_passes(plan, value)}): {value} = adapters[type({value})]({value})"
    sizes = "".join(f"len(p{names.index(name)}), " for name in wire.lists)
    yield f"sql = texts(({sizes}))" if sizes else f"sql = {wire.sql!r}"


def _passes(plan: Plan, value: str) -> str:
    """The condition under which a value of one of the two commonest types goes to the driver as it is."""
    text = f" or type({value}) is str and {value}.isascii()" if plan.rules.adapters[str] is types.text else ""
    return f"type({value}) is int and {types.MIN_INTEGER} <= {value} <= {types.MAX_INTEGER}{text}"


def _values(wire: Wire, names: tuple[str, ...]) -> str:
    """The expression of the driver's parameters."""
    if wire.named:
        return "{" + ", ".join(f"{name!r}: p{index}" for index, name in enumerate(names)) + "}"
    return "(" + "".join(f"{'*' * (name in wire.lists)}p{names.index(name)}, " for name in wire.order) + ")"


def _take(plan: Plan) -> list[str]:
    """The lines that read the cursor, by the statement's row word."""
    match plan.definition.rows, plan.builder:
        case (("one" | "maybe"), builder) if builder is not None:
            made = builder.construction
            return [
                "row = cursor.fetchone()",
                *(["if row is None: return None"] if plan.definition.rows == "maybe" else []),
                "if row is not None and cursor.fetchone() is None:",
                f"    {made.unpack}= row",
                *(f"    {line}" for line in made.lines),
                f"    return {made.result}",
                "raise miscounted(conn, cursor, row)",
            ]
        case "many", builder if builder is not None:
            return ["return build(rows_of(cursor))"]
        case "affected", _:
            return ["return rows_changed(conn, cursor.rowcount)"]
        case _:
            return ["return None"]


def _texts(wire: Wire) -> Callable[[tuple[int, ...]], str]:
    """What gives the text for the lengths of the lists."""
    known: dict[tuple[int, ...], str] = {}

    def text_for(sizes: tuple[int, ...]) -> str:
        text = known.get(sizes)
        if text is None:
            text = wire.text(sizes)
            if len(known) < MOST_TEXTS:
                known[sizes] = text
        return text

    return text_for
