"""Text from outside in (names, comments, messages, values); text that is safe to print, to log and to raise out.

A terminal obeys control characters, a log takes a line break for a new record, and a CI system takes some lines for
commands.  All of that is written out visibly here, as Python's ``repr`` does: ``\\x1b``, ``\\n``, ``\\u202e``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from unicodedata import category

__all__ = ["Lines", "escape_of", "escaped", "escaped_json", "listed", "shortened"]

LONGEST = 40
"""How many characters of a caller's text are shown."""

MOST = 5
"""How many of a caller's texts are shown."""

_NOT_ASCII = re.compile(r"[^ -~]")
# These are invisible although str.isprintable says that they are not: Default_Ignorable_Code_Point in Unicode's
# DerivedCoreProperties.txt.  A variation selector stays behind a symbol, where it makes the emoji.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]"
    "|(?<![\u2122-\u2b55\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
)
# GitHub takes a line that begins with ::name:: and ##[name] anywhere; Azure Pipelines ##vso[, TeamCity ##teamcity[.
_COMMAND = re.compile(r"(^[^\S\n]*+)(:)(?=:.*::)|()(#)(?=#\w*\[)", re.MULTILINE)


class Lines(str):
    """A text of several lines that pydb wrote itself: an error's hint that is one keeps its line breaks."""


def escaped(text: str, keep: str = "") -> str:
    """The text with every character written out but visible ones, spaces and those of ``keep``.

    Beside the control characters these are the invisible ones, the marks that change the direction of writing, line
    separators, lone surrogates, and what a later Unicode may define.  What a CI system would take for a command is
    written out too.  A backslash stays as it is, so escaping twice is escaping once.
    """
    return _rewritten(text, keep, escape_of)


def escaped_json(text: str) -> str:
    """The JSON document with the same characters as ``\\u`` escapes inside its strings: it means the same."""
    return _rewritten(text, "\n", _json_escape)


def shortened(text: object) -> str:
    """A caller's text for an error message: escaped, and its beginning only; the class of what is not text."""
    if not isinstance(text, str):
        return f"<{shortened(type(text).__name__)}>"
    return escaped(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def listed(texts: Iterable[object]) -> str:
    """Some of a caller's texts, each shortened, and how many more there are."""
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
