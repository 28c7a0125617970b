"""Check the optional arguments of a call: a statement's lines and the states of its names in, what is wrong out.

pydb refuses an argument without effect.  It also refuses a call if a missing argument would turn a change of some rows
into a change of all rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydb.sqlfile.optional_lines import (
    GIVEN,
    LEFT_OUT,
    NULL,
    TRUE,
    Line,
    NameKind,
    OptionalName,
    States,
    holds,
)

__all__ = ["no_effect", "refused_change", "wrong_need"]

_HINTS = {
    "set": "nothing would be set",
    "columns": "nothing would be inserted",
    "where": "all rows would be changed; for a change of all rows, write a statement without marks",
}
"""What a call would do if one of ``Line.parts`` is missing, by that part."""


def no_effect(optional: OptionalName, lines: Sequence[Line], states: States) -> str:
    """The message about a passed value or choice without effect; an empty text if it has an effect."""
    state = states.get(optional.name, LEFT_OUT)
    if optional.kind is NameKind.FLAG or state == optional.states[0]:
        return ""
    reasons: list[str] = []
    for line in lines:
        if optional.name not in line.guard and optional.name not in line.binds:
            continue
        if holds(line.guard, states):
            return ""
        others = {name: fits for name, fits in line.guard.items() if name != optional.name}
        if state in line.guard.get(optional.name, (state,)) and not reasons:
            reasons = [_needs(name, fits, states[name]) for name, fits in others.items() if states[name] not in fits]
    why = f" {' and '.join(reasons)}" if reasons else ""
    return f"{optional.name} has no effect{why}"


def _needs(name: str, fits: frozenset[str], state: str) -> str:
    """The reason why a line is absent: ``without after_id``, ``with with_deleted``."""
    if fits <= {LEFT_OUT, NULL}:
        return f"with {name}"
    if fits <= {GIVEN, NULL, TRUE}:
        return f"without {name}"
    return f"without {name} = {'|'.join(sorted(fits - {LEFT_OUT}))}"


def wrong_need(optional: OptionalName, lines: Sequence[Line], states: States, passed: bool) -> str:
    """The message about a value that no condition names, ``passed`` or not; an empty text if nothing is wrong.

    The value must be passed if a line that binds it is present.  If no such line is present, it has no effect.
    """
    if passed:
        return no_effect(optional._replace(states=(LEFT_OUT, GIVEN)), lines, {**states, optional.name: GIVEN})
    for line in lines:
        if optional.name in line.binds and holds(line.guard, states):
            reasons = [_has(name, fits, states[name]) for name, fits in line.guard.items()]
            return f"{optional.name} is needed {' and '.join(reasons)}"
    return ""


def _has(name: str, fits: frozenset[str], state: str) -> str:
    """The reason why a line is present: ``with after_id``, ``without with_deleted``, ``with order = oldest``."""
    if fits <= {LEFT_OUT, NULL}:
        return f"without {name}"
    return f"with {name}" if fits <= {GIVEN, NULL, TRUE} else f"with {name} = {state}"


def refused_change(lines: Sequence[Line], states: States) -> tuple[str, str] | None:
    """A message and hint about a call that would change all rows or nothing; None for any other call."""
    for part, hint in _HINTS.items():
        mine = [line for line in lines if part in line.parts]
        if not mine or any(holds(line.guard, states) for line in mine):
            continue
        heads = [line for line in lines if f"head of {part}" in line.parts]
        if heads and not any(holds(line.guard, states) for line in heads):
            continue  # such as DO NOTHING in the place of DO UPDATE SET
        missing = [(name, fits) for line in mine for name, fits in line.guard.items() if states[name] not in fits]
        given = list(dict.fromkeys(name for name, fits in missing if not fits <= {LEFT_OUT, NULL}))
        if given:
            return f"give {'at least one of ' * (len(given) > 1)}{', '.join(given)}", f"without any of them {hint}"
        return f"leave out {' or '.join(dict.fromkeys(name for name, _ in missing))}", f"with this call {hint}"
    return None
