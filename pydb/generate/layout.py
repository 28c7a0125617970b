"""Pieces of Python in, lines out, laid out as ruff does at any line length from 88 on.

What does not fit into 88 columns is broken to one item a line with a trailing comma, which ruff leaves so.
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
    """``head(parts)tail`` on one line where it fits, else a part a line; without parts ``empty`` for the brackets."""
    pad = " " * indent
    parts = list(parts)
    line = f"{pad}{head}({', '.join(parts)}){tail}" if parts else f"{pad}{head}{empty}{tail}"
    if len(line) <= WIDTH or not parts:
        return [line]
    return [f"{pad}{head}(", *(f"{pad}    {part}," for part in parts), f"{pad}){tail}"]


def compared(head: str, parts: Iterable[str], comparison: str, indent: int) -> list[str]:
    """``return head(parts) > 0``, in brackets where that does not fit on one line."""
    pad = " " * indent
    parts = list(parts)
    line = f"{pad}return {head}({', '.join(parts)}) {comparison}"
    if len(line) <= WIDTH:
        return [line]
    broken_up = [f"{pad}    {head}(", *(f"{pad}        {part}," for part in parts), f"{pad}    )"]
    return [f"{pad}return (", *broken_up, f"{pad}    {comparison}", f"{pad})"]


def subscript(head: str, items: Iterable[str]) -> str:
    """``head[items]``."""
    items = list(items)
    line = f"{head}[{', '.join(items)}]"
    return line if len(line) <= WIDTH else f"{head}[\n" + "".join(f"    {item},\n" for item in items) + "]"


def exported(names: Iterable[str]) -> str:
    """``__all__``, sorted as isort would."""
    return "__all__ = [\n" + "".join(f'    "{name}",\n' for name in sorted(names, key=isort_key)) + "]"


def assignment(name: str, kind: str, value: str, key: str, tail: str = "") -> str:
    """``name: kind = value["key"]``, and ``tail``; the kind is a generic of two items."""
    line = f'{name}: {kind} = {value}["{key}"]{tail}'
    if len(line) <= WIDTH:
        return line
    short = f'{name} = {value}["{key}"]{tail}'
    if len(short) > WIDTH:
        # The comment keeps ruff from joining the lines where longer ones are allowed.
        short = f'{name} = {value}[\n    # Too long for one line.\n    "{key}"\n]{tail}'
    generic, _, inside = kind.partition("[")
    return f"{subscript(f'{name}: {generic}', inside.removesuffix(']').split(', ', 1))}\n{short}"


def mapping(head: str, items: Mapping[str, Any], indent: int) -> str:
    """``head{"key": value, …}`` of texts and of mappings: on one line where it fits."""
    line = head + _flat(items)
    if indent + len(line) < WIDTH:  # a comma may follow
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
    """A docstring of any text; what is longer than a line is wrapped, indented lines keep their indentation.

    Its value, which ``help()`` prints, has visible escapes where a terminal would act on the text.
    """
    pad = " " * indent
    text = "\n".join(map(visible, doc.expandtabs().split("\n"))).strip() or "The SQL says nothing about it."
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    # ruff parts a quotation mark from the three that open or close the docstring.
    text = (" " if text.startswith('"') else "") + text
    # One line with the quotes that close it, or several and the quotes on their own: ruff joins nothing else.
    lines = _reflowed(f'"""{text}', WIDTH - indent - (0 if "\n" in text else 3))
    if len(lines) == 1:
        return f'{pad}{lines[0]}{" " if text.endswith(chr(34)) else ""}"""'
    return "\n".join([*(f"{pad}{line}" if line else "" for line in lines), f'{pad}"""'])


def _reflowed(text: str, width: int) -> list[str]:
    """The lines of a text in which none is too long; paragraphs of prose are filled anew, lists line by line."""
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
    """Where the text of the line begins: after spaces and the mark of a list's item."""
    found = _LISTED.match(line.removeprefix('"""'))
    return len(found.group()) if found else 0
