"""The states of a call's arguments: the words of the statement that they become, and refused arguments."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, IntEnum, StrEnum
from typing import Any

import pytest

from pydb import ABSENT
from pydb.errors import ParameterError
from pydb.execution.argument_states import ArgumentStates
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
ORDER BY
    id -- if :order = newest
    -- id DESC -- if :order = oldest
;
"""


class Order(Enum):
    OLDEST = "oldest"
    SHORTEST = "shortest"
    NUMBER = 1


class Word(StrEnum):
    OLDEST = "oldest"


class Misread(str, Enum):  # noqa: UP042
    """Members whose text is not their value."""

    OLDEST = "oldest", "newest"

    def __new__(cls, value: str, text: str) -> Misread:
        made = str.__new__(cls, text)
        made._value_ = value
        return made


class Number(IntEnum):
    ONE = 1


class Liar(str):
    """A text that is equal to every other text."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("oldest")

    def __str__(self) -> str:
        return "oldest"


Posing: Any = type("Posing", (), {"__class__": property(lambda _posing: str)})
"""The class of an object that says that it is a str."""


def states() -> ArgumentStates:
    definition = definition_from(SQL)
    return ArgumentStates(definition, Runner(definition, {}).error)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {}),
        ({"name": None, "boss": ABSENT, "deep": False, "order": None}, {}),
        ({"name": ABSENT, "deep": ABSENT, "order": ABSENT}, {}),
        ({"name": "", "boss": 0}, {"name": "given", "boss": "given"}),
        ({"name": [], "boss": None}, {"name": "given", "boss": "null"}),
        ({"deep": None}, {}),
        ({"deep": True}, {"deep": "true"}),
        ({"order": "newest"}, {}),
        *(
            ({"order": given}, {"order": "oldest"})
            for given in ("oldest", "".join(["old", "est"]), Order.OLDEST, Word.OLDEST, Misread.OLDEST, Liar("oldest"))
        ),
    ],
)
def test_what_a_call_may_pass(given: dict[str, Any], expected: dict[str, str]) -> None:
    """Values have states by whether they are passed, flags by their truth, choices by their text or member's value."""
    left_out = {"name": "", "boss": "", "deep": "", "order": "newest"}
    found = states().of(given)
    assert found == {**left_out, **expected}
    assert all(type(state) is str for state in found.values())


@pytest.mark.parametrize("given", [0, 1, "true", "", [], object(), Number.ONE])
def test_what_is_no_flag(given: object) -> None:
    """Only True and False are flags, not other true values of Python."""
    with pytest.raises(ParameterError, match=r"t\.x: deep must be True or False    hint: if left out, deep is False"):
        states().of({"deep": given})


@pytest.mark.parametrize(
    "given",
    [
        "",
        "given",
        "OLDEST",
        "oldest ",
        "oldest; DROP TABLE t",
        b"oldest",
        1,
        True,
        ["oldest"],
        object(),
        Liar("newest "),
        Order.SHORTEST,
        Order.NUMBER,
        Number.ONE,
        Order,
        lambda: "oldest",
        pytest.param(Posing(), id="posing"),
    ],
)
def test_what_is_no_choice(given: object) -> None:
    """An unknown word, or a value that is not a text, is refused with the known words, without the value."""
    with pytest.raises(ParameterError) as raised:
        states().of({"order": given})
    assert raised.value.message == "order must be newest or oldest"
    assert "DROP" not in str(raised.value)


@pytest.mark.parametrize(
    ("marks", "said"),
    [(["one"], "one"), (["one", "two"], "one or two"), (["one", "two", "three"], "one, two or three")],
)
def test_the_words_of_a_choice(marks: list[str], said: str) -> None:
    """The error has all words."""
    lines = "".join(f"    {mark}, -- if :order = {mark}\n" for mark in marks)
    definition = definition_from(f"-- name: x :many\nSELECT one, two, three\nFROM t\nORDER BY\n{lines}    id;\n")
    made = ArgumentStates(definition, Runner(definition, {}).error)
    assert made.of({}) == {"order": ""}
    with pytest.raises(ParameterError, match=f"order must be {said} "):
        made.of({"order": "four"})


def test_a_value_that_is_needed_has_no_state() -> None:
    """A key has a state for each name that has more than one."""
    sql = "-- name: x :many\n-- @param mine bool\nSELECT id\nFROM t\nWHERE\n    TRUE\n    AND a = :a -- if :mine\n;\n"
    definition = definition_from(sql)
    check: Callable[[dict[str, Any]], dict[str, str]] = ArgumentStates(definition, Runner(definition, {}).error).of
    assert check({"a": 1, "mine": True}) == {"mine": "true"}
