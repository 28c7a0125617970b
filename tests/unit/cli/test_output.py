"""Rows as a table, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from pydb.cli.nested_rows import Branch
from pydb.cli.output import CHUNK, WRITERS, cell_text, write_csv, write_json, write_table
from tests.harness.terminal_text import ACTING, shown


class Terminal(io.StringIO):
    """A stream that reports that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("value", "cell", "in_json"),
    [
        (True, "true", True),
        (1, "1", 1),
        (Decimal("1.50"), "1.50", "1.50"),
        (b"abc", "<3 bytes>", "YWJj"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02 03:00:00+00:00", "2026-01-02T03:00:00+00:00"),
        (date(2026, 1, 2), "2026-01-02", "2026-01-02"),
        (timedelta(hours=1), "1:00:00", "1:00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001"),
        ({"a": [1]}, '{"a": [1]}', {"a": [1]}),
        (math.inf, "inf", "inf"),
        ("é", "é", "é"),
    ],
)
def test_values(value: Any, cell: str, in_json: Any) -> None:
    """Values are written for people in a table, and for programs in JSON."""
    assert cell_text(value) == cell
    stream = io.StringIO()
    assert write_json(["a"], [(value,)], stream) == 1
    assert json.loads(stream.getvalue()) == [{"a": in_json}]


def test_null_and_the_empty_text() -> None:
    """NULL and empty text are different in each format."""
    rows = [(None, "")]
    written = {}
    for name, write in WRITERS.items():
        stream = io.StringIO()
        write(["a", "b"], rows, stream)
        written[name] = stream.getvalue()
    assert written["table"] == "a\tb\n\\N\t\n"
    assert written["csv"] == '"a","b"\n,""\n'
    assert json.loads(written["json"]) == [{"a": None, "b": ""}]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_counts(count: int) -> None:
    """A writer returns the number of rows, and JSON without rows is an empty array."""
    for write in WRITERS.values():
        stream = io.StringIO()
        assert write(["a"], ((number,) for number in range(count)), stream) == count
    stream = io.StringIO()
    write_json(["a"], [], stream)
    assert stream.getvalue() == "[]\n"


def test_what_a_terminal_obeys_is_escaped() -> None:
    """No format writes a control character, except CSV to a file, which has unchanged data."""
    for write in WRITERS.values():
        stream = Terminal() if write is write_csv else io.StringIO()
        write(["a" + ACTING], [("x" + ACTING,)], stream)
        assert shown(stream.getvalue()) == stream.getvalue()
    stream = io.StringIO()
    write_csv(["a"], [("\x1b\n",)], stream)
    assert list(csv.reader(io.StringIO(stream.getvalue()))) == [["a"], ["\x1b\n"]]


def test_a_terminal_gets_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, rows are a table with lines; if its columns do not fit, each row is a separate table."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    narrow, wide = Terminal(), Terminal()
    assert write_table(["id", "name"], [(1, "ann")], narrow) == 1
    assert "ann" in narrow.getvalue()
    assert "┃" in narrow.getvalue()
    columns = [f"column{number}" for number in range(9)]
    write_table(columns, [range(9)], wide)
    assert "row 1" in wide.getvalue()


def test_a_stream_comes_in_several_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream is printed in several tables, each as soon as its rows are read."""
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    seen: list[bool] = []

    def rows() -> Any:
        for number in range(CHUNK + 1):
            yield (number,)
        seen.append("┃" in stream.getvalue())

    assert write_table(["id"], rows(), stream) == CHUNK + 1
    assert seen == [True]


def test_levels_are_tables_in_a_table() -> None:
    """On a terminal, a level is a table in its cell, escaped; elsewhere it is JSON."""
    branch = Branch(id=1, title="a\x1b[0m", when=date(2026, 1, 2))
    rows: list[tuple[object, ...]] = [(7, [branch, branch], [])]
    terminal, plain = Terminal(), io.StringIO()
    write_table(["id", "posts", "tags"], rows, terminal)
    assert terminal.getvalue().count("2026-01-02") == 2
    assert "a\\x1b[0m" in terminal.getvalue()
    write_table(["id", "posts", "tags"], [(7, branch, [])], plain)
    assert plain.getvalue().splitlines()[1].startswith('7\t{"id": 1, "title": "a')
    stream = io.StringIO()
    write_json(["posts"], [([Branch(price=Decimal("1.50"), ratio=math.nan)],)], stream)
    assert json.loads(stream.getvalue()) == [{"posts": [{"price": "1.50", "ratio": "nan"}]}]
