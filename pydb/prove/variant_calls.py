"""Call each variant of a statement with optional lines: arguments for all names in, arguments for each variant out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pydb.prove.calls import Arguments
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.optional_lines import NULL, TRUE, NameKind, OptionalName
from pydb.sqlfile.variants import chosen, key_names, label
from pydb.support.absent import ABSENT

__all__ = ["variant_calls", "variant_of"]


def variant_calls(
    definition: Definition, calls: Iterable[Arguments], nullable: Collection[str] = ()
) -> Iterator[Arguments]:
    """The calls, each followed by calls of the next variants, so that every chosen variant is called at some time.

    ``nullable`` are the names that may be None; the new value of a NOT NULL column may not be None.
    """
    keys = chosen(definition) if definition.optional else []
    each = max(1, -(-len(keys) // 12))
    place = 0
    for given, named in calls:
        yield given, named
        for key in [keys[(place + step) % len(keys)] for step in range(each)] if keys else ():
            states = zip(key_names(definition), key, strict=True)
            changed = {name.name: _passed(name, state, named, nullable) for name, state in states}
            yield given, {name: value for name, value in {**named, **changed}.items() if value is not ABSENT}
        place += each


def _passed(name: OptionalName, state: str, named: Mapping[str, Any], nullable: Collection[str]) -> Any:
    """The argument that puts a name into a state; ABSENT if it is left out."""
    if state == name.states[0]:
        return ABSENT
    if state == NULL and name.name in nullable:
        return None
    if name.kind is NameKind.CHOICE:
        return state
    return True if state == TRUE else named.get(name.name, ABSENT)


def variant_of(definition: Definition, named: Mapping[str, Any]) -> str:
    """The label of the variant that a call with these arguments runs."""
    return label(definition, tuple(_state(name, named.get(name.name, ABSENT)) for name in key_names(definition)))


def _state(name: OptionalName, value: Any) -> str:
    if value is ABSENT or (value is None and NULL not in name.states):
        return name.states[0]
    if value is None:
        return NULL
    if name.kind is NameKind.FLAG:
        return TRUE if value else name.states[0]
    return str(getattr(value, "value", value)) if name.kind is NameKind.CHOICE else name.states[1]
