"""The arguments that a statement accepts, and the errors for others."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from pydb import ABSENT
from pydb.errors import ParameterError
from pydb.execution.parameters import MAX_CLASSES, Adapters, Binder
from pydb.values.adapters import Unfit, adapter_for
from tests.harness.plans import definition_from, plan_of

TEXT = "-- name: x :exec\n-- @param size int\nDELETE FROM t WHERE id IN (:ids) AND size = :size AND name = :name;\n"


def binder(text: str = TEXT) -> Binder:
    """The binder of a statement on SQLite."""
    return plan_of(definition_from(text)).binder


def test_what_fits_is_bound() -> None:
    """Values are returned as the driver accepts them, a set as a list."""
    bound = binder().bind({"ids": {1}, "size": 2, "name": date(2026, 1, 2)})
    assert bound == {"ids": [1], "size": 2, "name": "2026-01-02"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ids": [1], "size": 1}, "missing name"),
        ({"ids": [1], "size": 1, "name": "a", "nmae": "b"}, "unknown nmae"),
        ({"ids": [1], "size": None, "name": "a"}, "size is None, but @param says that it is never NULL"),
        ({"ids": [1], "size": "1", "name": "a"}, "size is a str, but @param says int"),
        ({"ids": [1], "size": True, "name": "a"}, "size is a bool, but @param says int"),
        ({"ids": "12", "size": 1, "name": "a"}, "ids is a str, where IN takes a list"),
        ({"ids": [None], "size": 1, "name": "a"}, "ids is a list with None"),
        ({"ids": [[1]], "size": 1, "name": "a"}, "ids is a list of lists"),
        ({"ids": [1], "size": 1, "name": object()}, "name is a object"),
        ({"ids": [1], "size": 2**63, "name": "a"}, "size is "),
        ({"ids": ABSENT, "size": ABSENT, "name": "a"}, "missing ids, size "),
        ({"ids": [1], "size": 1, "name": ABSENT, "nmae": ABSENT}, "missing name; unknown nmae"),
        ({"ids": [ABSENT], "size": 1, "name": "a"}, r"ids is pydb\.ABSENT, which is not a value"),
    ],
)
def test_what_does_not_fit(given: dict[str, Any], said: str) -> None:
    """The error names the parameter, the statement and its place, and no value."""
    with pytest.raises(ParameterError, match=said) as raised:
        binder().bind(given, "set 4: ")
    assert raised.value.statement_name == "t.x"
    assert raised.value.file == "t.sql"
    assert str(2**63) not in str(raised.value)
    assert "set 4: " in str(raised.value)


def test_a_set_has_to_be_a_mapping() -> None:
    """The error shows the form of a set."""
    with pytest.raises(ParameterError, match=r'a list is not a mapping of parameters.*\{"ids": …, "size": …'):
        binder().bind([1, 2], "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [[1, 2, 3], ["a", "b"], [1.5, 2.5], [float("nan"), 1.0], [1, "a", None], [date(2026, 1, 1)] * 2, [b"a"]],
)
def test_a_column_is_what_its_values_are(values: list[Any]) -> None:
    """Adapting many values together has the same results as adapting each, or refuses them in both ways."""
    made = binder("-- name: x :exec\nDELETE FROM t WHERE name = :name;\n")

    def outcome(call: Any) -> Any:
        try:
            return [repr(value) for value in call()]
        except Unfit:
            return Unfit

    assert outcome(lambda: made.adapt_column("name", values)) == outcome(
        lambda: [made.adapt("name", value) for value in values]
    )


def test_positions_are_refused() -> None:
    """The error shows the call."""
    assert "t.x(conn, ids=…, size=…, name=…)" in str(binder().by_name_only())


def test_adapters_forget_classes() -> None:
    """A class that is garbage collected takes its adapter with it, and the number of adapters is limited."""
    known: dict[type, Callable[[Any], Any]] = {int: lambda value: value}
    adapters = Adapters(known, partial(adapter_for, adapters=known))
    for number in range(MAX_CLASSES + 50):
        kind = type(f"K{number}", (int,), {})
        adapters[kind](kind(1))
        assert len(adapters._others) <= MAX_CLASSES
    del kind
    gc.collect()
    assert not adapters._others
    assert not adapters
    adapters[int](1)
    assert list(adapters) == [int]
