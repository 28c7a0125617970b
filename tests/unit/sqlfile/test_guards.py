"""Guards: the lines that a call can have together."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from pydb.sqlfile.guards import both, implies, possible
from pydb.sqlfile.optional_lines import holds

STATES = {"a": frozenset("xyz"), "b": frozenset("xy"), "c": frozenset("xyz")}
GUARDS = st.dictionaries(st.sampled_from("abc"), st.frozensets(st.sampled_from("xyz"), min_size=1), max_size=3).map(
    lambda guard: {name: states & STATES[name] for name, states in guard.items() if states & STATES[name]}
)


@given(st.lists(GUARDS, max_size=3), st.lists(GUARDS, max_size=4))
def test_possible_is_what_trying_all_calls_finds(present: list[dict], absent: list[dict]) -> None:  # type: ignore[type-arg]
    """A combination of lines is possible exactly if one of all calls has it."""
    calls = [dict(zip(STATES, states, strict=True)) for states in product(*map(sorted, STATES.values()))]
    found = any(all(holds(g, call) for g in present) and not any(holds(g, call) for g in absent) for call in calls)
    assert possible(present, absent, STATES) == found


@given(GUARDS, GUARDS)
def test_implies_and_both_follow_the_calls(one: dict, other: dict) -> None:  # type: ignore[type-arg]
    """The results for two guards are true for every call."""
    calls = [dict(zip(STATES, states, strict=True)) for states in product(*map(sorted, STATES.values()))]
    if implies(one, other):
        assert all(holds(other, call) for call in calls if holds(one, call))
    assert (both(one, other) is not None) == any(holds(one, call) and holds(other, call) for call in calls)
