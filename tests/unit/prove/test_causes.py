"""The likely cause of a difference, from the statement and the values."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest

from pydb.prove.answers import AnswerDifference
from pydb.prove.causes import Seen, likely_cause, texts_of


def changed(what: Literal["count", "order", "error"], here: Any, there: Any) -> AnswerDifference:
    return AnswerDifference(what, here, there)


def value(here: Any, there: Any) -> AnswerDifference:
    return AnswerDifference("value", here, there, "c")


NOON = datetime(2024, 1, 1, 12)


@pytest.mark.parametrize(
    ("sql", "difference", "values", "cause"),
    [
        (
            "SELECT id FROM t ORDER BY n",
            changed("order", [(1,), (2,)], [(2,), (1,)]),
            [None, 1],
            "order of NULLs",
        ),
        (
            "SELECT s FROM t ORDER BY s",
            changed("order", [("a",), ("B",)], [("B",), ("a",)]),
            ["a", "B"],
            "collation",
        ),
        ("SELECT id FROM t WHERE s = :s", changed("count", [], [(1,)]), ["a", "A"], "collation and case"),
        ("SELECT id FROM t WHERE s = :s", changed("count", [], [(1,)]), ["a", "a "], "trailing spaces"),
        ("SELECT id FROM t WHERE s = 'x'", changed("count", [], [(1,)]), ["X"], "collation and case"),
        (
            "SELECT id FROM t WHERE s LIKE :p",
            changed("count", [], [(1,)]),
            ["a%", "A"],
            "collation and case: LIKE",
        ),
        ("SELECT n / 2 FROM t", value(3, Decimal("3.5")), [7], "integer division"),
        ("SELECT 1 / n FROM t", changed("error", [(None,)], "DataError"), [0], "division by zero"),
        ("SELECT avg(n) FROM t", value(Decimal("3.3333"), Decimal("3.3333333")), [3], "scale"),
        ("SELECT round(n) FROM t", value(2.0, 3.0), [2.5], "scale"),
        ("SELECT at FROM t", value(NOON, NOON + timedelta(microseconds=5)), [], "precision of time"),
        ("SELECT at FROM t", value(NOON, NOON + timedelta(hours=2)), [], "time zone"),
        ("SELECT trim(s) FROM t", value("", None), [], "empty string"),
        ("SELECT a || b FROM t", value(None, "x"), [None], "NULL in a concatenation"),
        ("SELECT upper(s) FROM t", value("é", "É"), ["é"], "case"),
        ("SELECT length(s) FROM t", value(1, 2), ["é"], "length"),
        ("SELECT a ^ b FROM t", value(1, 2), [], "another operator"),
        ("SELECT id FROM t", changed("count", [], [(1,)]), [], "a condition"),
    ],
)
def test_causes(sql: str, difference: AnswerDifference, values: list[Any], cause: str) -> None:
    """The statement and the values fit one cause before the others."""
    assert cause in likely_cause(Seen(sql, difference, values))


def test_what_stands_in_texts_is_no_operator() -> None:
    """A sign inside a string does not count."""
    assert not Seen("SELECT 'a / b' FROM t", value(1, 2), []).has("/")
    assert texts_of("SELECT 'it''s', 'x'") == ["it's", "x"]
