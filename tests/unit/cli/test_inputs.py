"""The parameter sets of a batch, from JSON and CSV."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pydb.cli.inputs import parameter_sets
from pydb.errors import PydbError
from tests.harness.plans import definition_from

DEFINITION = definition_from(
    "-- name: add :batch\n-- @param day date\n-- @param price Decimal?\nINSERT INTO t VALUES (:day, :price, :name);\n"
)


@pytest.mark.parametrize(
    ("name", "text", "sets"),
    [
        (
            "a.json",
            '[{"day": "2026-01-02", "price": 1.5, "name": "x"}]',
            [{"day": date(2026, 1, 2), "price": 1.5, "name": "x"}],
        ),
        (
            "a.csv",
            "day,price,name\n2026-01-02,1.50,007\n",
            [{"day": date(2026, 1, 2), "price": Decimal("1.50"), "name": "007"}],
        ),
        ("a.csv", "\ufeffname,price\na,null\n", [{"name": "a", "price": None}]),
        ("a.csv", "", []),
        ("a.json", "[]", []),
        ("a.txt", '[{"name": "x"}]', [{"name": "x"}]),
    ],
)
def test_sets(tmp_path: Path, name: str, text: str, sets: list[dict[str, Any]]) -> None:
    """Each set is a dict, with text converted to the types of ``@param``."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert parameter_sets(DEFINITION, str(tmp_path / name)) == sets


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", "{", "is not JSON"),
        ("a.json", "{}", "must contain an array of objects"),
        ("a.json", "[1]", "must contain an array of objects"),
        ("a.csv", "a,a\n1,2\n", "two columns have the same name"),
        ("a.csv", "a,b\n1\n", "1 cells under a header of 2 columns"),
        ("a.csv", 'a\n"1"2\n', "expected after"),
        ("a.csv", "day\nsecret\n", "day takes a value of type date"),
        ("a.csv", b"\xff", "it is not UTF-8"),
        ("none.csv", None, "No such file"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, text: str | bytes | None, said: str) -> None:
    """The error says what is wrong, and repeats no value."""
    if text is not None:
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(PydbError, match=said) as raised:
        parameter_sets(DEFINITION, str(tmp_path / name))
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None or "secret" not in str(raised.value.__cause__)


@pytest.mark.parametrize("text", ['[{"name": "x"}]', "name\nx\n"])
def test_the_standard_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Standard input that begins with a bracket is read as JSON."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert parameter_sets(DEFINITION, "-") == [{"name": "x"}]
