"""Read the marks of optional lines: the comments of a statement in; each mark with its conditions out, or SqlFileError.

A mark is ``-- if <condition>`` at the end of a line comment.  A comment that looks like a mark but is not one is
refused, because as a plain comment it would be ignored silently.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pydb.sqlfile.site import Site
from pydb.sqlfile.tokens import Token
from pydb.support.python_names import parameter_name
from pydb.support.suggestions import nearest

__all__ = ["Condition", "Mark", "has_mark", "marks_of", "may_be_alternative", "refuse_in_notes"]

_NAME = r":[^\W\d]\w*"
_VALUE = r"(?!(?:true|false|null)\b)[a-z][a-z0-9_]*"
_CONDITION = rf"(?:not {_NAME}|{_NAME}(?: given| is null| = {_VALUE}(?:\|{_VALUE})*)?)"
_MARK = re.compile(rf"-- if (?P<conditions>{_CONDITION}(?: and {_CONDITION})*)[ \t\r]*\Z")
_PARTS = re.compile(r"(?P<no>not )?:(?P<name>\w+)(?: (?P<test>given|is null)| = (?P<values>[\w|]+))?(?: and |\Z)")
_SEGMENT = re.compile(r"(?:--|\#|/\*)+")
_LOOKS_LIKE = re.compile(r"\s*(?:if|when|unless)\b", re.IGNORECASE)
_MENTION = re.compile(r":\s*[^\W\d]")
_IF_NAME = re.compile(r"\s*if\s+(?:not\s+)?(?P<name>[^\W\d]\w*)\s*", re.IGNORECASE)
_NOTE_LINE = re.compile(r"[ \t]*(?P<text>--[^\n]*)")

_FORMAT = "a mark is -- if :name, not :name, :name given, :name is null or :name = a|b, joined by and"


class Condition(NamedTuple):
    """One condition of a mark: ``name`` in Python, and ``test``: ``passed not given null`` or ``choice``."""

    name: str
    written: str
    test: str
    values: tuple[str, ...] = ()

    @property
    def parameter(self) -> str:
        """The name as written: ``:from``."""
        return self.written.removeprefix("not ").partition(" ")[0]


class Mark(NamedTuple):
    """A mark: its conditions as written and read, and the offset of its ``-- if``.

    ``alternative`` is where the SQL of an alternative begins, after the ``--`` of its comment; None for a mark after
    SQL.
    """

    conditions: tuple[Condition, ...]
    written: str
    start: int
    alternative: int | None = None


def has_mark(text: str) -> bool:
    """Whether a comment ends in a mark."""
    return _MARK.search(text) is not None


def may_be_alternative(line: str) -> bool:
    """Whether a comment line is an alternative, or was meant as an alternative."""
    if is_switched_off(line) or not line.startswith("--"):
        return False
    segments = _SEGMENT.split(line)[2:]
    return has_mark(line) or any(_LOOKS_LIKE.match(segment) and _MENTION.search(segment) for segment in segments)


def is_switched_off(comment: str) -> bool:
    """Whether a comment line begins with ``-- --``: then it is a plain comment, even if it ends in a mark."""
    return comment.startswith("-- --")


def marks_of(comments: Sequence[Token], site: Site, names: Collection[str]) -> Iterator[Mark]:
    """The marks in a statement's comments; its parameters ``names`` help to find comments that look like marks."""
    text = site.text
    for _, comment, start in comments:
        line_start = text.rfind("\n", 0, start) + 1
        alone = start == line_start or text[line_start:start].isspace()
        if alone and is_switched_off(comment):
            continue
        found = _MARK.search(comment) if comment.startswith("--") else None
        if found is None or found.start():
            _refuse_likeness(comment[: found.start()] if found else comment, start, alone, site, names)
        if found is None:
            continue
        at = start + found.start()
        conditions = _conditions(found["conditions"])
        if not alone:
            yield Mark(conditions, found["conditions"], at)
        elif comment[2 : found.start()].strip():
            yield Mark(conditions, found["conditions"], at, start + 2)
        else:
            raise site.error("a mark is on a line of its own", "put it at the end of its line of SQL", at=at)


@lru_cache(maxsize=1000)
def _conditions(text: str) -> tuple[Condition, ...]:
    return tuple(map(_condition, _PARTS.finditer(text)))


def _condition(part: re.Match[str]) -> Condition:
    written = part.group().removesuffix(" and ")
    name = parameter_name(part["name"])
    if part["values"]:
        return Condition(name, written, "choice", tuple(part["values"].split("|")))
    if part["test"]:
        return Condition(name, written, "null" if part["test"] == "is null" else "given")
    return Condition(name, written, "not" if part["no"] else "passed")


def _refuse_likeness(comment: str, start: int, alone: bool, site: Site, names: Collection[str]) -> None:
    """Refuse a comment that looks like a mark; on its own line it may contain anything before a second ``--``."""
    segments = [segment.removesuffix("*/") for segment in _SEGMENT.split(comment)[1:]]
    for segment in segments[1:] if alone else segments:
        looks = _LOOKS_LIKE.match(segment)
        if not looks:
            continue
        alone_name = _IF_NAME.fullmatch(segment)
        if _MENTION.search(segment) or (alone_name and alone_name["name"] in names):
            raise site.error(
                f"this looks like a mark but is not one: {segment.strip()}", _hint(segment, names), at=start
            )


def _hint(segment: str, names: Collection[str]) -> str:
    words = segment.strip()
    if re.search(r"\bor\b", words, re.IGNORECASE):
        return "join conditions with and; for or, write two lines"
    if re.search(r"is\s+not\s+null", words, re.IGNORECASE):
        return "write :name for a value that is passed and not None"
    if "!=" in words or "<>" in words:
        return "list the allowed values: :name = a|b"
    bare = _IF_NAME.fullmatch(segment)
    if bare and (bare["name"] in names or nearest(bare["name"], names)):
        return f"write -- if :{bare['name']}"
    return _FORMAT


def refuse_in_notes(block: str, site: Site) -> None:
    """Refuse a comment line above the SQL that ends in a mark: a formatter may have moved it there."""
    for line in _NOTE_LINE.finditer(block):
        text = line["text"]
        if not is_switched_off(text) and has_mark(text):
            raise site.error("a mark is above the SQL", "put it at the end of its line of SQL", at=line.start("text"))
