"""Parameters on the command line: read by their declared type, or by the general rule."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from pydb.cli.arguments import parameters
from pydb.cli.inputs import parameter_sets
from pydb.errors import PydbError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import read


@pytest.fixture
def define(tmp_path: Path) -> Any:
    """A function that makes a statement with the parameters x, y and the list ids from directive lines."""

    def make(*directives: str) -> Definition:
        lines = "".join(f"-- @param {directive}\n" for directive in directives)
        file = tmp_path / "a.sql"
        file.write_text(f"-- name: b :batch\n{lines}UPDATE t SET x = :x, y = :y WHERE id IN (:ids);\n")
        (definition,) = read(str(file))
        return definition

    return make


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),
        ("-1", -1),
        ("0", 0),
        ("9.99", Decimal("9.99")),
        ("1.10", Decimal("1.10")),
        ("true", True),
        ("false", False),
        ("null", None),
        ("[1, 2]", [1, 2]),
        ('{"a": null}', {"a": None}),
        ("", ""),
        ("007", "007"),
        ("+1", "+1"),
        ("-0", "-0"),
        ("1e5", "1e5"),
        ("1.", "1."),
        ("True", "True"),
        ("NULL", "NULL"),
        (" 1", " 1"),
        ("a=b", "a=b"),
        ("2026-01-31", "2026-01-31"),
        ("٣", "٣"),
        ("9" * 40, "9" * 40),
    ],
)
def test_plain_rule_changes_nothing_in_silence(define: Any, text: str, value: Any) -> None:
    """Without a declared type, only text that is written back unchanged becomes a number; all other text stays text."""
    found = parameters(define(), [f"x={text}"])["x"]
    assert (found, type(found)) == (value, type(value))
    assert found != Decimal("1.10") or str(found) == "1.10"


@pytest.mark.parametrize(
    ("type_name", "text", "value"),
    [
        ("str", "42", "42"),
        ("str", "null", "null"),
        ("str?", "null", None),
        ("int", "007", 7),
        ("float", "1", 1.0),
        ("bool", "1", True),
        ("bool", "false", False),
        ("Decimal", "1.10", Decimal("1.10")),
        ("date", "2026-01-31", date(2026, 1, 31)),
        ("datetime", "2026-01-31T12:30:00", datetime(2026, 1, 31, 12, 30)),
        ("AwareDatetime", "2026-01-31T12:30:00Z", datetime(2026, 1, 31, 12, 30, tzinfo=UTC)),
        ("time", "12:30", time(12, 30)),
        ("timedelta", "1 day, 01:30:00", timedelta(days=1, hours=1, minutes=30)),
        ("timedelta", "90.5", timedelta(seconds=90.5)),
        ("UUID", "12345678-1234-5678-1234-567812345678", UUID("12345678-1234-5678-1234-567812345678")),
        ("bytes", "AP8=", b"\x00\xff"),
        ("json", '{"a": 1}', {"a": 1}),
        ("list", "[]", []),
        ("Role", "admin", "admin"),
    ],
)
def test_declared_type_decides(define: Any, type_name: str, text: str, value: Any) -> None:
    """`-- @param` determines the type of a value."""
    found = parameters(define(f"x {type_name}"), [f"x={text}"])["x"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("type_name", "text"),
    [
        ("int", "1.5"),
        ("int", "null"),
        ("int", "secret-value"),
        ("float", "1e999"),
        ("bool", "yes"),
        ("Decimal", "many"),
        ("date", "31.1.2026"),
        ("datetime", "2026-01-31T12:30:00Z"),
        ("datetime", "2026-01-31T12:30:00.1234567"),
        ("AwareDatetime", "2026-01-31T12:30:00"),
        ("time", "noon"),
        ("timedelta", "soon"),
        ("UUID", "1234"),
        ("bytes", "***"),
        ("json", "{"),
    ],
)
def test_unfit_value_is_refused_by_name(define: Any, type_name: str, text: str) -> None:
    """A value that does not fit its type is refused with the parameter's name and type, and never with the value."""
    with pytest.raises(PydbError) as caught:
        parameters(define(f"x {type_name}"), [f"x={text}"])
    assert caught.value.message == f"x takes a value of type {type_name}"
    assert caught.value.hint


def test_json_is_taken_exactly(define: Any) -> None:
    """`key:=JSON` is a text, a float or another JSON value; a number that a float would change is a Decimal."""
    found = parameters(define(), ['x:="42"', "y:=0.12345678901234567890123"])
    assert found == {"x": "42", "y": Decimal("0.12345678901234567890123")}
    assert type(parameters(define(), ["x:=1.5"])["x"]) is float


@pytest.mark.parametrize("pair", ["x:=NaN", "x:=oops", "x=[draft", "x={"])
def test_what_looks_like_json_must_be_json(define: Any, pair: str) -> None:
    """Invalid JSON is refused, and not sent as text."""
    with pytest.raises(PydbError, match="the value of x is not JSON"):
        parameters(define(), [pair])


@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        (["ids=1"], [1]),
        (["ids=1", "ids=2"], [1, 2]),
        (["ids=[1, 2]"], [1, 2]),
        (["ids:=[]"], []),
        (["ids=a,b"], ["a,b"]),
    ],
)
def test_a_list_is_given_by_repetition_or_as_json(define: Any, pairs: list[str], value: list[Any]) -> None:
    """`IN (:ids)` accepts its key several times, or one JSON list."""
    assert parameters(define(), pairs) == {"ids": value}


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (["7"], "argument 1 after the statement's name is not key=value"),
        (["x=1", "a-b=7"], "argument 2 after the statement's name is not key=value"),
        (["x=1", "x=2"], "x is given 2 times, but a.b takes one value"),
    ],
)
def test_wrong_use_is_refused(define: Any, pairs: list[str], message: str) -> None:
    """An argument that is not key=value, or a key given twice, is refused."""
    with pytest.raises(PydbError) as caught:
        parameters(define(), pairs)
    assert caught.value.message == message


def test_sets_from_json(define: Any, tmp_path: Path) -> None:
    """Text in a JSON file is converted to the declared type."""
    file = tmp_path / "sets.json"
    file.write_text('[{"x": "2026-01-31", "y": 1.5}, {"x": null, "y": "007"}]')
    assert parameter_sets(define("x date?"), str(file)) == [
        {"x": date(2026, 1, 31), "y": 1.5},
        {"x": None, "y": "007"},
    ]


def test_sets_from_csv(define: Any, tmp_path: Path) -> None:
    """The cells of a CSV file are read like key=value; a byte order mark and Windows line ends are accepted."""
    file = tmp_path / "sets.csv"
    file.write_bytes('\ufeffx,y\r\n007,"a\nb"\r\nnull,2\r\n'.encode())
    assert parameter_sets(define(), str(file)) == [{"x": "007", "y": "a\nb"}, {"x": None, "y": 2}]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", "{", "is not JSON"),
        ("a.json", '{"x": 1}', "must contain an array of objects"),
        ("a.json", '[{"x": 1, "x": 2}]', "is not JSON"),
        ("a.csv", "x,x\n1,2\n", "two columns have the same name"),
        ("a.csv", "x,y\n1\n", "1 cells under a header of 2 columns"),
        ("a.csv", 'x\n"open\n', "unexpected end of data"),
    ],
)
def test_files_of_sets_that_cannot_be_read(define: Any, tmp_path: Path, name: str, text: str, message: str) -> None:
    """An invalid file of parameter sets is refused as a whole."""
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(PydbError, match=message):
        parameter_sets(define(), str(file))
