"""The maximum of a number, and the type of an operator's result."""

from __future__ import annotations

import pytest
from sqlglot import exp, parse_one

from pydb.describe.analysis.numeric import is_number, kind, magnitude, may_be_nan, promoted, result_type
from pydb.describe.analysis.value import Value

INTEGER = Value(nullable=False, kind="int", magnitude=100.0, type="integer")
REAL = Value(nullable=False, kind="real", type="double precision")
TEXT = Value(nullable=False, kind="text", type="text")


def node(sql: str) -> exp.Expr:
    return parse_one(sql)


@pytest.mark.parametrize(
    ("sql", "arguments", "expected"),
    [
        ("a + b", [INTEGER, INTEGER], 200.0),
        ("a * b", [INTEGER, INTEGER], 10_000.0),
        ("-a", [INTEGER], 100.0),
        ("round(a)", [INTEGER], 101.0),
        ("a AND b", [INTEGER, INTEGER], 1.0),
        ("a + b", [INTEGER, REAL], None),
    ],
)
def test_magnitudes(sql: str, arguments: list[Value], expected: float | None) -> None:
    """The maximum of an absolute value follows from those of the operands, if each operand has one."""
    assert magnitude(node(sql), arguments) == expected


def test_kinds_and_types() -> None:
    """Integers stay integers, a float and an exact number make a float, and concatenated text is text."""
    assert (kind(node("a + b"), [INTEGER, INTEGER]), kind(node("a + b"), [INTEGER, REAL])) == ("int", "num")
    assert kind(node("a || b"), [TEXT, TEXT]) == "text"
    assert result_type(node("a + b"), [INTEGER, REAL]) == "double precision"
    assert result_type(node("a = b"), [INTEGER, INTEGER]) == "boolean"
    assert promoted(["integer", "numeric(10,2)"]) == "numeric"
    assert promoted(["integer", "bigint"]) == "bigint"
    assert promoted(["integer", "uuid"]) is None
    assert promoted([None, "text"]) == "text"


def test_what_is_not_a_number() -> None:
    """Two unbounded terms may be Inf - Inf, and an unbounded factor may be Inf * 0."""
    assert may_be_nan(node("a + b"), [REAL, REAL])
    assert not may_be_nan(node("a + b"), [REAL, INTEGER])
    assert may_be_nan(node("a * b"), [REAL, INTEGER])
    assert not may_be_nan(node("a * 2"), [REAL, INTEGER])


@pytest.mark.parametrize(
    ("sql", "number"), [("1", True), ("1.5", True), ("'1'", False), ("a", False), ("1e999", False)]
)
def test_literals(sql: str, number: bool) -> None:
    """A literal is a number if a float can store it."""
    assert is_number(node(sql)) is number
