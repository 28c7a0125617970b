"""Lay out Python code: pieces of code in; out, lines that ruff leaves unchanged at every line length from 88 on.

Code that does not fit into 88 columns is broken into one item on each line, with a trailing comma: ruff does not join
such lines.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from pydb.generate.names import WIDTH, isort_key
from pydb.generate.text import literal, visible

__all__ = ["assignment", "broken", "compared", "docstring", "exported", "mapping", "subscript"]

_LISTED = re.compile(r"\s*(?:[-*+] |\d+[.)] )?")


def broken(head: str, parts: Iterable[str], tail: str, indent: int, *, empty: str = "()") -> list[str]:
    """The lines of ``head(parts)tail``: one line if it fits, else one line for each part.

    Without parts, ``empty`` is written instead of ``(parts)``.
    """
    pad = " " * indent
    parts = list(parts)
    line = f"{pad}{head}({', '.join(parts)}){tail}" if parts else f"{pad}{head}{empty}{tail}"
    if len(line) <= WIDTH or not parts:
        return [line]
    return [f"{pad}{head}(", *(f"{pad}    {part}," for part in parts), f"{pad}){tail}"]


def compared(head: str, parts: Iterable[str], comparison: str, indent: int) -> list[str]:
    """The lines of ``return head(parts) comparison``, with brackets around the expression if it needs several lines."""
    pad = " " * indent
    parts = list(parts)
    line = f"{pad}return {head}({', '.join(parts)}) {comparison}"
    if len(line) <= WIDTH:
        return [line]
    broken_up = [f"{pad}    {head}(", *(f"{pad}        {part}," for part in parts), f"{pad}    )"]
    return [f"{pad}return (", *broken_up, f"{pad}    {comparison}", f"{pad})"]


def subscript(head: str, items: Iterable[str]) -> str:
    """The text of ``head[items]``, on one line if it fits."""
    items = list(items)
    line = f"{head}[{', '.join(items)}]"
    return line if len(line) <= WIDTH else f"{head}[\n" + "".join(f"    {item},\n" for item in items) + "]"


def exported(names: Iterable[str]) -> str:
    """The text of ``__all__``, sorted as isort sorts it."""
    return "__all__ = [\n" + "".join(f'    "{name}",\n' for name in sorted(names, key=isort_key)) + "]"


def assignment(name: str, kind: str, value: str, key: str, tail: str = "") -> str:
    """The text of ``name: kind = value["key"]tail``; ``kind`` is a generic type with two items."""
    line = f'{name}: {kind} = {value}["{key}"]{tail}'
    if len(line) <= WIDTH:
        return line
    short = f'{name} = {value}["{key}"]{tail}'
    if len(short) > WIDTH:
        # The comment prevents ruff from joining the lines if longer lines are allowed.
        short = f'{name} = {value}[\n    # Too long for one line.\n    "{key}"\n]{tail}'
    generic, _, inside = kind.partition("[")
    return f"{subscript(f'{name}: {generic}', inside.removesuffix(']').split(', ', 1))}\n{short}"


def mapping(head: str, items: Mapping[str, Any], indent: int) -> str:
    """The text of ``head{"key": value, …}``, on one line if it fits; a value is a text or a mapping."""
    line = head + _flat(items)
    if indent + len(line) < WIDTH:  # leave space for a comma
        return line
    pad = " " * (indent + 4)
    parts = [
        f"{pad}{mapping(f'{literal(key)}: ', value, indent + 4)}"
        if isinstance(value, Mapping)
        else f"{pad}{literal(key)}: {literal(value)}"
        for key, value in items.items()
    ]
    return head + "{\n" + "".join(f"{part},\n" for part in parts) + " " * indent + "}"


def _flat(value: Mapping[str, Any] | str) -> str:
    if isinstance(value, str):
        return literal(value)
    return "{" + ", ".join(f"{literal(key)}: {_flat(item)}" for key, item in value.items()) + "}"


def docstring(doc: str, indent: int) -> str:
    """A docstring with any text; lines that are too long are wrapped, and keep their indentation.

    Characters that a terminal would act on become visible escapes, because ``help()`` prints the docstring.
    """
    pad = " " * indent
    text = "\n".join(map(visible, doc.expandtabs().split("\n"))).strip() or "This statement has no description."
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    # ruff writes a space between a quotation mark and the quotes that open or close the docstring.
    text = (" " if text.startswith('"') else "") + text
    # One line with the closing quotes, or several lines with the closing quotes on their own line: ruff keeps both.
    lines = _reflowed(f'"""{text}', WIDTH - indent - (0 if "\n" in text else 3))
    if len(lines) == 1:
        return f'{pad}{lines[0]}{" " if text.endswith(chr(34)) else ""}"""'
    return "\n".join([*(f"{pad}{line}" if line else "" for line in lines), f'{pad}"""'])


def _reflowed(text: str, width: int) -> list[str]:
    """The lines of a text, none of them too long: a paragraph is filled anew, items of a list stay separate."""
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        found = [line.rstrip() for line in paragraph.split("\n")]
        if max(map(len, found)) > width and not any(_margin(line) for line in found):
            found = [" ".join(found)]
        lines += [*(wrapped for line in found for wrapped in _wrapped(line, width)), ""]
    return lines[:-1]


def _wrapped(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    margin = " " * _margin(line)
    return textwrap.wrap(line, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False)


def _margin(line: str) -> int:
    """The column at which the text of a line begins, after spaces and the mark of a list item."""
    found = _LISTED.match(line.removeprefix('"""'))
    return len(found.group()) if found else 0
