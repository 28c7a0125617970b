"""Write rows for a person or a program: columns and rows in; a table, JSON or CSV out, row by row.

On a terminal a table has lines and colours.  Elsewhere it is tab-separated under a header line, and NULL is
``\\N``, as PostgreSQL's COPY writes it.  In CSV, text is quoted, so that NULL (nothing) differs from empty text ("").

Control sequences of terminals and CI systems are escaped; in JSON they are escapes inside strings.  CSV has no escapes:
its data is written unchanged, and escaped only on a terminal.
"""

from __future__ import annotations

import base64
import csv
import json
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pydb.cli.nested_rows import Branch
from pydb.support.escapes import escaped, escaped_json

__all__ = ["WRITERS", "cell_text", "write_csv", "write_json", "write_table"]

CHUNK = 1000
"""The maximum number of rows of one table on a terminal: its widths are known only when all its rows are read."""

NARROWEST = 6
"""The minimum width of a column, in characters; if columns do not fit, each row is a table with a line per column."""

Rows = Iterable[Sequence[Any]]


def cell_text(value: Any) -> str:
    """A value for people: bytes by their size, timestamps with a space, JSON as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"<{memoryview(value).nbytes} bytes>"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, (dict, list)):
        return escaped_json(json.dumps(value, ensure_ascii=False, default=cell_text))
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
        table.add_column(Text(escaped(column)), overflow="fold", justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*map(_styled, row))
    return table


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float, Decimal)) and not isinstance(value, bool))


def _styled(value: Any) -> Text | Table:
    if value is None:
        return Text("NULL", "dim italic")
    branches = value if isinstance(value, list) else [value]
    if branches and all(isinstance(branch, Branch) for branch in branches):
        return _table(list(branches[0]), [list(branch.values()) for branch in branches])
    return Text(escaped(cell_text(value), keep="\n\t"))


def _write_plain(columns: Sequence[str], rows: Rows, stream: TextIO) -> int:
    if columns:
        stream.write(_line(map(_plain, columns)))
    count = 0
    for row in rows:
        stream.write(_line("\\N" if value is None else _plain(cell_text(value)) for value in row))
        count += 1
    return count


def _plain(text: str) -> str:
    # A backslash is doubled, so that a program can undo every escape.
    return escaped(text.replace("\\", "\\\\"))


def _line(cells: Iterable[str]) -> str:
    # Harmless cells may form a command of a CI system together.
    return escaped("\t".join(cells), keep="\t") + "\n"


def write_json(columns: Sequence[str], rows: Rows, stream: TextIO) -> int:
    """One array of objects; Decimal, UUID and durations as text, times in ISO 8601, bytes as base64."""
    count = 0
    for row in rows:
        stream.write(",\n  " if count else "[\n  ")
        values = {column: _json_value(value) for column, value in zip(columns, row, strict=True)}
        stream.write(escaped_json(json.dumps(values, ensure_ascii=False, default=_json_value, allow_nan=False)))
        count += 1
    stream.write("\n]\n" if count else "[]\n")
    return count


def _json_value(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Branch):
        return {name: _json_value(item) for name, item in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], Branch):
        return [_json_value(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str, dict, list)):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


class _Null(float):
    """NULL for the csv module: it writes a float without quotes, and the text of this one is empty."""

    def __str__(self) -> str:
        return ""

    __repr__ = __str__


def write_csv(columns: Sequence[str], rows: Rows, stream: TextIO) -> int:
    """Comma-separated values under a header line (RFC 4180, with line feeds); values as in JSON."""
    writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    displayed = escaped if stream.isatty() else _utf8
    if columns:
        writer.writerow([displayed(column) for column in columns])
    count = 0
    for row in rows:
        values = map(_csv_value, row)
        writer.writerow([displayed(value) if isinstance(value, str) else value for value in values])
        count += 1
    return count


def _utf8(text: str) -> str:
    # A lone surrogate, which a JSON document can contain, has no bytes.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _csv_value(value: Any) -> Any:
    if value is None:
        return _Null()
    return cell_text(value) if isinstance(value, (bool, dict, list)) else _json_value(value)


WRITERS: dict[str, Callable[[Sequence[str], Rows, TextIO], int]] = {
    "table": write_table,
    "json": write_json,
    "csv": write_csv,
}
