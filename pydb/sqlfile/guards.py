"""Decide whether lines can be present together: their guards in; out, whether some call has the combination.

The answer is exact: each name has few states, and a search tries all of them if a shorter test does not decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydb.sqlfile.optional_lines import Guard, OptionalName

__all__ = ["Domains", "both", "domains", "implies", "possible"]

Domains = Mapping[str, frozenset[str]]
"""All states of each name."""


def domains(names: Mapping[str, OptionalName]) -> Domains:
    """All states that the names of conditions have."""
    return {name: frozenset(optional.states) for name, optional in names.items()}


def both(one: Guard, other: Guard) -> Guard | None:
    """The guard of two lines together; None if they are never present together."""
    if not one or not other:
        return one or other
    found = dict(one)
    for name, states in other.items():
        left = found[name] & states if name in found else states
        if not left:
            return None
        found[name] = left
    return found


def implies(one: Guard, other: Guard) -> bool:
    """Whether a line with the first guard is present only if a line with the other guard is present."""
    return one is other or all(name in one and one[name] <= states for name, states in other.items())


def possible(present: Iterable[Guard], absent: Sequence[Guard], known: Domains) -> bool:
    """Whether some call has all lines with the guards ``present`` and no line with a guard of ``absent``."""
    together: Guard = {}
    for guard in present:
        found = both(together, guard)
        if found is None:
            return False
        together = found
    return _without(together, [guard for guard in absent if both(together, guard) is not None], known)


def _without(fixed: Guard, absent: list[Guard], known: Domains) -> bool:
    """Whether some states satisfy ``fixed`` and no guard of ``absent``."""
    if not absent:
        return True
    first, *others = absent
    for name, states in first.items():
        left = fixed.get(name, known[name]) - states
        if left and _without({**fixed, name: left}, [g for g in others if both({name: left}, g) is not None], known):
            return True
    return False
