"""Read the parameter sets of a ``:batch`` statement: a JSON or CSV file in, a dict for each set out."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

from pydb.cli.arguments import NO_CLASSES, Classes, convert, exact_json
from pydb.errors import PydbError
from pydb.sqlfile.definition import Definition

__all__ = ["parameter_sets"]


def parameter_sets(definition: Definition, source: str, classes: Classes = NO_CLASSES) -> list[dict[str, Any]]:
    """Read the sets: a JSON array of objects, or CSV with a header line whose cells are read like key=value.

    ``-`` is the standard input, which is JSON if it starts with ``[``.  Raises PydbError when the
    file cannot be read in its format.
    """
    text = _text(source)
    is_json = source.endswith(".json") or (not source.endswith(".csv") and text.lstrip().startswith("["))
    read = _from_json if is_json else _from_csv
    return read(definition, source, text, classes)


def _text(source: str) -> str:
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    # Outside the handler: the decoder's exception contains the whole text.
    raise PydbError(f"{source} cannot be read: {reason}")


def _from_json(definition: Definition, source: str, text: str, classes: Classes) -> list[dict[str, Any]]:
    try:
        sets = exact_json(text)
    except (ValueError, RecursionError):
        raise PydbError(f"{source} is not JSON") from None
    if not isinstance(sets, list) or not all(isinstance(one, dict) for one in sets):
        raise PydbError(f"{source} must contain an array of objects", hint='[{"key": "value"}, ...]')
    return [
        _named(definition, source, {key: _typed(definition, key, value, classes) for key, value in one.items()})
        for one in sets
    ]


def _named(definition: Definition, source: str, given: dict[str, Any]) -> dict[str, Any]:
    """The set by the parameters' names in Python; the file may use the names of the SQL instead."""
    named = {definition.parameter(key): value for key, value in given.items()}
    if len(named) < len(given):
        twice = next(key for key in given if definition.parameter(key) != key and definition.parameter(key) in given)
        raise PydbError(f"{source} has {twice} and {definition.parameter(twice)}, which are the same parameter")
    return named


def _typed(definition: Definition, key: str, value: Any, classes: Classes) -> Any:
    """Convert texts to the types that ``-- @param`` declares: JSON has no dates, decimals or bytes."""
    declared = definition.parameter_types.get(definition.parameter(key))
    return convert(key, value, declared, classes) if declared is not None and isinstance(value, str) else value


def _from_csv(definition: Definition, source: str, text: str, classes: Classes) -> list[dict[str, Any]]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(lines, [])
        if len(set(header)) < len(header):
            raise PydbError("two columns have the same name", file=source, line=1)
        sets = []
        for cells in lines:
            if len(cells) != len(header):
                message = f"{len(cells)} cells under a header of {len(header)} columns"
                raise PydbError(message, file=source, line=lines.line_num)
            pairs = zip(header, cells, strict=True)
            types = definition.parameter_types
            made = {key: convert(key, cell, types.get(definition.parameter(key)), classes) for key, cell in pairs}
            sets.append(_named(definition, source, made))
    except csv.Error as error:
        raise PydbError(str(error), file=source, line=lines.line_num) from error
    return sets
