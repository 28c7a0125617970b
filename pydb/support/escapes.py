"""Escape text from outside: names, comments, messages and values in; text that is safe to print, log and raise out.

A terminal obeys control characters, a log reads a line break as a new record, and a CI system reads some lines as
commands.  All of these are written visibly here, as Python's ``repr`` does: ``\\x1b``, ``\\n``, ``\\u202e``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from unicodedata import category

__all__ = ["Lines", "escape_of", "escaped", "escaped_json", "listed", "shortened"]

LONGEST = 40
"""The maximum number of characters of a caller's text in a message."""

MOST = 5
"""The maximum number of a caller's texts in a message."""

_NOT_ASCII = re.compile(r"[^ -~]")
# Characters that are invisible, although str.isprintable says that they are printable: Default_Ignorable_Code_Point in
# Unicode's DerivedCoreProperties.txt.  A variation selector after a symbol is kept, because the two form an emoji.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]"
    "|(?<![\u2122-\u2b55\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
)
# GitHub runs a command in a line that begins with ::name::, and in ##[name] anywhere; Azure Pipelines in ##vso[, and
# TeamCity in ##teamcity[.
_COMMAND = re.compile(r"(^[^\S\n]*+)(:)(?=:.*::)|()(#)(?=#\w*\[)", re.MULTILINE)


class Lines(str):
    """A text of several lines that pydb has written: if it is the hint of an error, its line breaks are kept."""


def escaped(text: str, keep: str = "") -> str:
    """The text with every character escaped except visible ones, spaces and those of ``keep``.

    These are escaped: control characters, invisible characters, marks that change the direction of writing, line
    separators, lone surrogates, and characters of a later Unicode version.  Text that a CI system would read as a
    command is escaped too.  A backslash is not escaped, so escaping twice is the same as escaping once.
    """
    return _rewritten(text, keep, escape_of)


def escaped_json(text: str) -> str:
    """The JSON document with the same characters as ``\\u`` escapes inside its strings; its meaning does not change."""
    return _rewritten(text, "\n", _json_escape)


def shortened(text: object) -> str:
    """A caller's text for an error message, escaped and cut at the end; for a value that is not a text, its class."""
    if not isinstance(text, str):
        return f"<{shortened(type(text).__name__)}>"
    return escaped(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def listed(texts: Iterable[object]) -> str:
    """A list of a caller's texts for an error message: the first ones, shortened, and the number of the others."""
    shown = sorted(map(shortened, texts))
    return ", ".join(shown[:MOST]) + (f" and {len(shown) - MOST} more" if len(shown) > MOST else "")


def _rewritten(text: str, keep: str, write: Callable[[str], str]) -> str:
    if not (text.isascii() and text.isprintable()):
        text = _NOT_ASCII.sub(lambda found: _checked(found[0], keep, write), text)
        text = _INVISIBLE.sub(lambda found: write(found[0]), text)
    return _COMMAND.sub(lambda found: _command(found, write), text)


def _checked(character: str, keep: str, write: Callable[[str], str]) -> str:
    is_safe = character.isprintable() or character in keep or category(character) == "Zs"
    return character if is_safe else write(character)


def _command(found: re.Match[str], write: Callable[[str], str]) -> str:
    space, colon, _, hash_ = found.groups()
    return f"{space}{write(colon)}" if colon else write(hash_)


def escape_of(character: str) -> str:
    """The escape that ``escaped`` writes for a character."""
    if character in ":#":
        return f"\\x{ord(character):02x}"
    return character.encode("unicode_escape").decode("ascii")


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
