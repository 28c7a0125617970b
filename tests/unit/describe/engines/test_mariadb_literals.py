"""Literals instead of parameters, and the type that all of them give."""

from __future__ import annotations

import pytest

from pydb.describe.described import DescribedParameter
from pydb.describe.engines.mariadb_literals import agreed, literals, with_nulls
from pydb.describe.session import RawColumn


def parameters(**words: str | None) -> dict[str, DescribedParameter]:
    """The parameters of ``x="int?"`` arguments: a word, and a question mark if None is allowed."""
    return {
        name: DescribedParameter(name, (), (word.rstrip("?"),) if word else (), nullable=(word or "").endswith("?"))
        for name, word in words.items()
    }


def test_known_parameters_have_one_literal() -> None:
    """A parameter of a known type is written as one literal."""
    assert list(literals(parameters(x="int", y="Decimal", z="date"))) == [
        {"x": "1", "y": "1.0", "z": "'2000-01-01 00:00:00'"}
    ]
    assert list(with_nulls(parameters(x="int"))) == []


def test_unknown_parameters_are_tried() -> None:
    """A parameter of an unknown type is written as each kind of literal, and as NULL."""
    assert [found["x"] for found in literals(parameters(x=None, y="int"))] == [
        *("1", "1.0", "1.0e0", "'x'", "_binary X'78'")
    ]
    assert {found["y"] for found in literals(parameters(x=None, y="int"))} == {"1"}
    assert {found["x"] for found in with_nulls(parameters(x=None))} == {"NULL"}
    assert list(with_nulls(parameters(x="int?", y="str"))) == [{"x": "NULL", "y": "'x'"}]


@pytest.mark.parametrize(
    ("types", "nulls", "type_"),
    [
        (["decimal(4,1)"], [], "decimal(4,1)"),
        (["int", "bigint"], [], "int"),
        (["int", "decimal(4,1)"], [], None),
        (["bigint"], ["double"], "bigint"),
        (["double"], ["double"], "double"),
        (["varchar"], ["date"], None),
        (["varchar"], ["double"], None),
        (["varchar"], [None], "varchar"),
        ([None], [None], None),
        ([], [], None),
    ],
)
def test_agreement(types: list[str | None], nulls: list[str | None], type_: str | None) -> None:
    """A column has a type if all literals give it; the literal NULL alone says nothing."""
    found = agreed(RawColumn("v", "double"), types, nulls, "mariadb")
    assert (found.type, found.depends) == (type_, type_ is None)
