"""The generated dispatcher: a statement with optional lines in, one function that finds the variant of a call out.

What a call passes makes a number, which the function adds up as it looks at each argument; the number says which
variant's generated function is called, and that takes by position what the variant binds.  The first variants are
found by comparisons, further ones looked up: on SQLite, with six parameters of which two were passed, a point read took
1.03 and 1.06 times as long as that of a static statement.

The function knows only the common case.  On any doubt, and before anything is sent, it falls back on the general
call, which knows everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from pydb.execution.argument_states import ArgumentStates
from pydb.execution.fast_path import FastCall, ParameterNames
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.optional_lines import GIVEN, LEFT_OUT, NULL, TRUE, NameKind, OptionalName
from pydb.support.absent import ABSENT
from pydb.values.row_builder import compiled_source

__all__ = ["MAX_COMPARED", "MAX_VARIANTS", "Dispatcher", "VariantCall"]

MAX_COMPARED = 64
"""With how many variants' numbers a call's is compared, in a tree; each change of the tree has to be compiled."""

_LEAF = 4
"""How many are compared one after the other: each takes less than a thousandth of a point read."""

MAX_VARIANTS = 256
"""How many variants of a statement are kept on one engine; when there are more, all are forgotten and made again."""


class VariantCall(NamedTuple):
    """A variant's generated function, and the parameters that it takes by position behind the connection."""

    call: FastCall
    parameters: tuple[str, ...]


Compared = Mapping[int, VariantCall]


class Dispatcher:
    """The dispatcher of one statement on one SQLAlchemy engine.

    ``call`` is the function, and None while no variant has a generated function.
    """

    def __init__(self, definition: Definition, states: ArgumentStates, general_call: FastCall) -> None:
        self._optional, self._states, self._general_call = definition.optional, states, general_call
        self._names = ParameterNames(definition.parameters)
        self._weights = dict(_weights(definition.optional))
        self._known: dict[int, VariantCall] = {}
        self._taking_all: dict[int, FastCall] = {}
        self.call: FastCall | None = None

    def number(self, arguments: Mapping[str, Any]) -> int:
        """The number of the variant that these arguments ask for."""
        return sum(self._weight(name, arguments.get(name.name, ABSENT)) for name in self._optional.values())

    def _weight(self, name: OptionalName, value: Any) -> int:
        state = GIVEN if name.needed and value is not ABSENT else self._states.state(name, value)
        return self._weights[name.name][state]

    def variant(self, number: int) -> VariantCall | None:
        """The generated function of the variant of that number, where there is one."""
        return self._known.get(number)

    def add(self, number: int, variant: VariantCall) -> FastCall:
        """Have the calls of that number go to the function of a variant; the function that does it from now on."""
        if len(self._known) >= MAX_VARIANTS:
            self._known.clear()
            self._taking_all.clear()
        # Looked up too where it is compared: another thread may put a function without it in this one's place.
        self._taking_all[number] = self._as_one_that_takes_all(variant)
        self._known[number] = variant
        call = self.call
        if call is None or len(self._known) <= MAX_COMPARED:
            compared = self.compared()
            call = self.call = compiled_source(self.source(compared), self._scope(compared))["call"]
        return call

    def compared(self) -> Compared:
        """The variants with whose numbers that of a call is compared."""
        return dict(list(self._known.items())[:MAX_COMPARED])

    def source(self, compared: Compared) -> list[str]:
        """The lines of the function."""
        names = self._names
        fall_back = f"return _fall_back(_conn, {names.given()}, _set, _unknown)"
        parameters = "".join(f"{name}={self._default(name)}, " for name in names.plain())
        # The parameters are not keyword-only, for Python would look up the default of each that is not passed;
        # a positional argument comes into _set.
        return [
            f"def call(_conn, _set=_absent, /, {parameters}*_sets, **_unknown):",
            *(f"    {line}" for line in names.underscored()),
            "    try:",
            "        _number = 0",
            *(f"        {self._sum(optional)}" for optional in self._optional.values()),
            "    except Exception:",
            f"        {fall_back}",
            "    if _set is not _absent or _unknown:",
            f"        {fall_back}",
            *(f"    {line}" for line in self._comparisons(sorted(compared.items()))),
            "    _call = _taking_all.get(_number)",
            f"    if _call is not None: return _call(_conn, {names.listed()})",
            f"    {fall_back}",
        ]

    def _default(self, name: str) -> str:
        optional = self._optional.get(name)
        if optional is None or optional.kind is NameKind.CHOICE or optional.left_out is ABSENT:
            return "_absent"
        return repr(optional.left_out)

    def _sum(self, optional: OptionalName) -> str:
        """The line that adds the weight of an argument's state to the number."""
        given, weights = self._names.variables[optional.name], self._weights[optional.name]
        passed = f"{given} is not _absent"
        if optional.kind is NameKind.FLAG:
            passed, weight = f"{given} is not False", f"{weights[TRUE]} if {given} is True else _weigh_{given}({given})"
        elif optional.kind is NameKind.CHOICE:
            weight = f"_weights_{given}[{given}] if _type({given}) is _str else _weigh_{given}({given})"
        elif NULL in weights:
            weight = f"{weights[NULL]} if {given} is None else {weights[GIVEN]}"
        else:
            passed, weight = passed if optional.needed else f"{given} is not None and {passed}", f"{weights[GIVEN]}"
        return f"if {passed}: _number += {weight}"

    def _comparisons(self, compared: Sequence[tuple[int, VariantCall]]) -> Iterator[str]:
        """The lines that call the variant of the number; the variants are sorted by theirs."""
        if len(compared) <= _LEAF:
            for number, variant in compared:
                yield f"if _number == {number}: return _call_{number}(_conn, {self._names.listed(variant.parameters)})"
            return
        middle = len(compared) // 2
        yield f"if _number < {compared[middle][0]}:"
        yield from (f"    {line}" for line in self._comparisons(compared[:middle]))
        yield "else:"
        yield from (f"    {line}" for line in self._comparisons(compared[middle:]))

    def _scope(self, compared: Compared) -> dict[str, Any]:
        """What the names in the function stand for."""
        names = {
            "absent": ABSENT,
            "type": type,
            "str": str,
            "taking_all": self._taking_all,
            "fall_back": self._fall_back,
        }
        names |= {f"call_{number}": variant.call for number, variant in compared.items()}
        for optional in self._optional.values():
            given, weights = self._names.variables[optional.name], self._weights[optional.name]
            names[f"weights_{given}"] = {value: weights[value] for value in optional.values}
            names[f"weigh_{given}"] = partial(self._weight, optional)
        return {f"_{name}": value for name, value in names.items()}

    def _as_one_that_takes_all(self, variant: VariantCall) -> FastCall:
        """The function of a variant, as one that takes all parameters."""
        names = self._names
        line = f"call = lambda _conn, {names.listed()}: _call(_conn, {names.listed(variant.parameters)})"
        made: FastCall = compiled_source([line], {"_call": variant.call})["call"]
        return made

    def _fall_back(self, conn: Any, given: dict[str, Any], set_: Any, unknown: dict[str, Any]) -> Any:
        sets = () if set_ is ABSENT else (set_,)
        known = {name: value for name, value in given.items() if value is not ABSENT}
        return self._general_call(conn, *sets, **known, **unknown)


def _weights(optional: Mapping[str, OptionalName]) -> Iterator[tuple[str, dict[str, int]]]:
    """What each state of each name adds to the number: its place times the product of all counts before."""
    unit = 1
    for name in optional.values():
        states = (LEFT_OUT, GIVEN) if name.needed else name.states
        yield name.name, {state: place * unit for place, state in enumerate(states)}
        unit *= len(states)
