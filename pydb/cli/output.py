"""Rows as a person or a program wants them: columns and rows in; a table, JSON or CSV out, row by row.

On a terminal a table has lines and colours.  Elsewhere it is tab-separated under a header line, and NULL is
``\\N``, as PostgreSQL's COPY writes it.  In CSV text stands in quotes, so NULL (nothing) is not the empty text ("").
"""

from __future__ import annotations

import base64
import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["WRITERS", "cell_text", "write_csv", "write_json", "write_table"]

CHUNK = 1000
"""Rows in one table on a terminal: its widths are known before its first line, so a stream comes in several."""

NARROWEST = 6
"""Characters a column needs at least; where the columns do not fit, each row is a table of its own, a column a line."""

CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}
ESCAPES = {**CONTROLS, ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}

Rows = Iterable[Sequence[Any]]


def cell_text(value: Any) -> str:
    """A value for reading: bytes by their size, instants with a space, JSON as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"<{memoryview(value).nbytes} bytes>"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def write_table(columns: Sequence[str], rows: Rows, stream: TextIO) -> int:
    """A table on a terminal, tab-separated lines elsewhere; returns the number of rows."""
    console = Console(file=stream, highlight=False)
    if not console.is_terminal:
        return _write_plain(columns, rows, stream)
    remaining = iter(rows)
    count = 0
    while chunk := list(islice(remaining, CHUNK)):
        _draw(console, columns, chunk, count)
        count += len(chunk)
    if not count and columns:
        _draw(console, columns, [], 0)
    return count


def _draw(console: Console, columns: Sequence[str], rows: Sequence[Sequence[Any]], before: int) -> None:
    needed = 1 + sum(3 + max(len(column), NARROWEST) for column in columns)
    if not rows or needed <= console.width:
        console.print(_table(columns, rows))
        return
    for number, row in enumerate(rows, before + 1):
        console.print(Text(f"row {number}", "bold"))
        console.print(_table(("column", "value"), list(zip(columns, row, strict=True))))


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    table = Table()
    for position, column in enumerate(columns):
        numeric = all(_is_number(row[position]) for row in rows) and bool(rows)
        table.add_column(Text(column), overflow="fold", justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*map(_styled, row))
    return table


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float, Decimal)) and not isinstance(value, bool))


def _styled(value: Any) -> Text:
    # A control character in a value must not reach the terminal, which would obey it.
    return Text("NULL", "dim italic") if value is None else Text(cell_text(value).translate(CONTROLS))


def _write_plain(columns: Sequence[str], rows: Rows, stream: TextIO) -> int:
    if columns:
        stream.write("\t".join(column.translate(ESCAPES) for column in columns) + "\n")
    count = 0
    for row in rows:
        cells = ("\\N" if value is None else cell_text(value).translate(ESCAPES) for value in row)
        stream.write("\t".join(cells) + "\n")
        count += 1
    return count


def write_json(columns: Sequence[str], rows: Rows, stream: TextIO) -> int:
    """One array of objects; Decimal, UUID and durations as text, times in ISO 8601, bytes as base64."""
    count = 0
    for row in rows:
        stream.write(",\n  " if count else "[\n  ")
        values = {column: _json_value(value) for column, value in zip(columns, row, strict=True)}
        stream.write(json.dumps(values, ensure_ascii=False, default=_json_value, allow_nan=False))
        count += 1
    stream.write("\n]\n" if count else "[]\n")
    return count


def _json_value(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str, dict, list)):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


class _Null(float):
    """What the csv module takes for a number, and so writes without quotes: nothing."""

    def __str__(self) -> str:
        return ""

    __repr__ = __str__


def write_csv(columns: Sequence[str], rows: Rows, stream: TextIO) -> int:
    """Comma-separated values under a header line (RFC 4180, with line feeds); values as in JSON."""
    writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    if columns:
        writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow(list(_csv_values(row)))
        count += 1
    return count


def _csv_values(row: Sequence[Any]) -> Iterator[Any]:
    for value in row:
        if value is None:
            yield _Null()
        elif isinstance(value, (bool, dict, list)):
            yield cell_text(value)
        else:
            yield _json_value(value)


WRITERS: dict[str, Callable[[Sequence[str], Rows, TextIO], int]] = {
    "table": write_table,
    "json": write_json,
    "csv": write_csv,
}
