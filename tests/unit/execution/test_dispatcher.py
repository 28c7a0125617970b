"""The generated dispatcher: the calls of each variant's function, and the general call for all others."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from itertools import product
from typing import Any

import pytest

from pydb import ABSENT
from pydb.execution.argument_states import ArgumentStates
from pydb.execution.dispatcher import MAX_COMPARED, MAX_VARIANTS, Dispatcher, VariantCall
from pydb.execution.runner import Runner
from tests.harness.plans import definition_from

SQL = """\
-- name: x :many
-- @param deep bool
SELECT id
FROM t
WHERE
    id = :id
    AND name = :name -- if :name
    AND boss = :boss -- if :boss
    AND boss IS NULL -- if :boss is null
    AND depth > 1 -- if :deep
    AND seen_by = :viewer -- if :deep
ORDER BY
    id -- if :order = newest
    -- id DESC -- if :order = oldest
;
"""

CALL = """\
def call(_conn, _set=_absent, /, id=_absent, name=None, boss=_absent, deep=False, viewer=_absent, order=_absent, \
*_sets, **_unknown):
    try:
        _number = 0
        if name is not None and name is not _absent: _number += 1
        if boss is not _absent: _number += 4 if boss is None else 2
        if deep is not False: _number += 6 if deep is True else _weigh_deep(deep)
        if viewer is not _absent: _number += 12
        if order is not _absent: _number += _weights_order[order] if _type(order) is _str else _weigh_order(order)
    except Exception:
        return _fall_back(_conn, <given>, _set, _unknown)
    if _set is not _absent or _unknown:
        return _fall_back(_conn, <given>, _set, _unknown)
    if _number == 1: return _call_1(_conn, id, name, )
    _call = _taking_all.get(_number)
    if _call is not None: return _call(_conn, id, name, boss, deep, viewer, order, )
    return _fall_back(_conn, <given>, _set, _unknown)"""
GIVEN = "{'id': id, 'name': name, 'boss': boss, 'deep': deep, 'viewer': viewer, 'order': order}"


class Order(Enum):
    OLDEST = "oldest"


def general_call(*given: Any, **arguments: Any) -> Any:
    return "general", given, arguments


def told(name: str) -> Callable[..., Any]:
    """A variant's function that returns its name and its arguments."""
    return lambda *given: (name, given)


@pytest.fixture
def dispatcher() -> Dispatcher:
    definition = definition_from(SQL)
    return Dispatcher(definition, ArgumentStates(definition, Runner(definition, {}).error), general_call)


def test_its_text(dispatcher: Dispatcher) -> None:
    """The whole function for one known variant."""
    dispatcher.add(dispatcher.number({"name": "a"}), VariantCall(told("named"), ("id", "name")))
    assert "\n".join(dispatcher.source(dispatcher.compared())) == CALL.replace("<given>", GIVEN)


@pytest.mark.parametrize("compared", [4, MAX_COMPARED])
def test_each_call_gets_to_its_variant(dispatcher: Dispatcher, compared: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each combination of states has its own number, which is compared or looked up."""
    monkeypatch.setattr("pydb.execution.dispatcher.MAX_COMPARED", compared)
    values: dict[str, tuple[Any, ...]] = {
        "name": (ABSENT, "a"),
        "boss": (ABSENT, 1, None),
        "deep": (ABSENT, True),
        "viewer": (ABSENT, 7),
        "order": (ABSENT, "oldest"),
    }
    calls = [dict(zip(values, combination, strict=True)) for combination in product(*values.values())]
    for count, arguments in enumerate(calls, 1):
        bound = tuple(name for name in arguments if arguments[name] is not ABSENT and name not in ("deep", "order"))
        dispatcher.add(dispatcher.number(arguments), VariantCall(told(f"{count}"), ("id", *bound)))
        assert dispatcher.call is not None
        for number, each in enumerate(calls, 1):
            given = {name: value for name, value in each.items() if value is not ABSENT}
            found = dispatcher.call("conn", id=5, **given)
            if number > count:
                assert found[0] == "general"
            else:
                sent = [value for name, value in given.items() if name not in ("deep", "order")]
                assert found == (f"{number}", ("conn", 5, *sent))
    assert 4 < len(calls) == 48 < MAX_COMPARED


@pytest.mark.parametrize(
    "given",
    [
        {"id": 5, "name": None},
        {"id": 5, "name": ABSENT, "boss": ABSENT, "deep": ABSENT, "viewer": ABSENT, "order": ABSENT},
        {"id": 5, "deep": False, "order": "newest"},
        {"id": 5, "deep": None, "order": None},
        {"id": 5, "order": "".join(["new", "est"])},
    ],
)
def test_what_is_left_out_in_another_way(dispatcher: Dispatcher, given: dict[str, Any]) -> None:
    """None, ABSENT, False and a choice's default all mean the call without these arguments."""
    call = dispatcher.add(0, VariantCall(told("plain"), ("id",)))
    assert dispatcher.number(given) == 0
    assert call("conn", **given) == ("plain", ("conn", 5))


def test_a_member_of_an_enum(dispatcher: Dispatcher) -> None:
    """A member of an Enum needs no general call."""
    call = dispatcher.add(dispatcher.number({"order": "oldest"}), VariantCall(told("oldest"), ()))
    assert call("conn", order=Order.OLDEST) == ("oldest", ("conn",))


@pytest.mark.parametrize(
    ("given", "arguments"),
    [
        ((1,), {}),
        ((1, 2, 3), {"boss": 1}),
        ((), {"nome": "a"}),
        ((), {"order": "shortest"}),
        ((), {"order": ""}),
        ((), {"order": ["oldest"]}),
        ((), {"deep": 1}),
        ((), {"viewer": 1}),
    ],
)
def test_what_falls_back(dispatcher: Dispatcher, given: tuple[Any, ...], arguments: dict[str, Any]) -> None:
    """A wrong or unknown argument leads to the general call, with every argument by name."""
    call = dispatcher.add(0, VariantCall(told("plain"), ("id",)))
    name, (conn, *sets), passed = call("conn", *given, **arguments)
    assert (name, conn, bool(sets)) == ("general", "conn", bool(given))
    assert arguments.items() <= passed.items()


def test_names_that_begin_with_an_underscore() -> None:
    """The names belong to the caller, whatever names the function uses."""
    definition = definition_from(
        "-- name: x :many\nSELECT 1\nFROM t\nWHERE\n    a = :_conn\n    AND b = :_set -- if :_set\n;\n"
    )
    dispatcher = Dispatcher(definition, ArgumentStates(definition, Runner(definition, {}).error), general_call)
    call = dispatcher.add(dispatcher.number({"_set": 1}), VariantCall(told("both"), ("_conn", "_set")))
    assert call("conn", _conn=1, _set=2) == ("both", ("conn", 1, 2))
    assert call("conn", _conn=1) == ("general", ("conn",), {"_conn": 1})


def test_so_many_are_kept(dispatcher: Dispatcher) -> None:
    """With one more variant, all others are forgotten."""
    for number in range(1_000, 1_000 + MAX_VARIANTS):
        dispatcher.add(number, VariantCall(told("other"), ()))
    assert dispatcher.variant(1_000) is not None
    call = dispatcher.add(0, VariantCall(told("plain"), ("id",)))
    assert dispatcher.variant(1_000) is None
    assert call("conn", id=1) == ("plain", ("conn", 1))
