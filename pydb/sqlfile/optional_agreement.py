"""Compare the optional names of two forms of a statement: their lines and names in, the difference out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydb.sqlfile.guards import domains, possible
from pydb.sqlfile.optional_lines import Guard, Line, NameKind, OptionalName

__all__ = ["optional_difference"]


def optional_difference(
    lines: Sequence[Line],
    names: Mapping[str, OptionalName],
    other_lines: Sequence[Line],
    other_names: Mapping[str, OptionalName],
) -> str:
    """How the other form differs in names, kinds, values, defaults and bindings; an empty text if it does not."""
    for name in {**names, **other_names}:
        one, other = _described(names.get(name)), _described(other_names.get(name))
        if one != other:
            return f":{name} is {other} here, {one}"
    known = domains(names)
    for name in names:
        bound, other_bound = _guards(lines, name), _guards(other_lines, name)
        for some, others in ((bound, other_bound), (other_bound, bound)):
            if any(possible([guard], others, known) for guard in some):
                return f":{name} is bound under other conditions here than"
    return ""


def _described(name: OptionalName | None) -> str:
    """A description of a name, for messages and for comparison."""
    if name is None:
        return "not optional"
    if name.kind is NameKind.CHOICE:
        default = f", by default {name.default}" if name.default else ""
        return f"a choice of {'|'.join(sorted(name.values))}{default}"
    if name.kind is NameKind.VALUE:
        none = (
            " that may be None"
            if name.takes_null
            else " for which None counts as given"
            if len(name.states) > 2
            else ""
        )
        return f"{'a value that its line needs' if name.needed else 'an optional value'}{none}"
    return "a flag"


def _guards(lines: Sequence[Line], name: str) -> list[Guard]:
    return [line.guard for line in lines if name in line.binds]
