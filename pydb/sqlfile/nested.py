"""Read the directives of nested rows: the lines ``@group``, ``@embed`` and ``@key`` in, a Nesting out.

A row's columns belong to levels: the root, and the levels that the directives name.  ``posts__comments__id`` is the
column ``id`` of the level ``posts.comments``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pydb.sqlfile.site import Site
from pydb.support.python_names import is_python_name
from pydb.support.suggestions import nearest

__all__ = ["DIRECTIVES", "DIVIDER", "Level", "Nesting", "NestingNotes", "place_of_label"]

DIVIDER = "__"
"""The separator of path parts and field name in a column's label."""

DIRECTIVES = ("group", "embed", "key")

_LEVEL = re.compile(
    r"[ \t]+(?P<path>[^\s,]+)[ \t]+(?P<record>[^\s,]+)(?:[ \t]+key[ \t]+(?P<key>[^\s,]+(?:[ \t]*,[ \t]*[^\s,]+)*))?"
    r"(?P<json>[ \t]+json)?"
)
_KEY = re.compile(r"[ \t]+(?P<key>[^\s,]+(?:[ \t]*,[ \t]*[^\s,]+)*)")
_RECORD = re.compile(r"[A-Z][A-Za-z0-9]*")
_FORMATS: Mapping[str, str] = {
    "group": "-- @group <path> <Record> [key <column>, …] [json]",
    "embed": "-- @embed <path> <Record>",
    "key": "-- @key <column>, …",
}


@dataclass(frozen=True, slots=True)
class Level:
    """A level below the root: a group, which is a collection, or an embed, which is one object or none.

    ``path`` has points: ``posts.comments``.  ``key`` are the fields that distinguish two objects of one parent; an
    empty key means the first column.  ``json`` is true if the level is one column that contains a JSON array.
    """

    path: str
    record: str
    many: bool
    key: tuple[str, ...] = ()
    json: bool = False

    @property
    def name(self) -> str:
        """The field that it fills in its parent: ``comments``."""
        return self.path.rpartition(".")[2]

    @property
    def parent(self) -> str:
        """The path of the level above; an empty text for the root."""
        return self.path.rpartition(".")[0]

    @property
    def label(self) -> str:
        """The path in the form of a column's label: ``posts__comments``."""
        return self.path.replace(".", DIVIDER)

    @property
    def directive(self) -> str:
        """The directive line that declares it, without its dashes."""
        key = f" key {', '.join(self.key)}" if self.key else ""
        return f"@{'group' if self.many else 'embed'} {self.path} {self.record}{key}{' json' * self.json}"


@dataclass(frozen=True)
class Nesting:
    """The levels of a statement's rows, a parent before its children; ``key`` is the key of the root."""

    levels: tuple[Level, ...]
    key: tuple[str, ...] = ()

    @cached_property
    def by_label(self) -> dict[str, Level]:
        """The levels by their labels."""
        return {level.label: level for level in self.levels}

    @property
    def joined(self) -> tuple[Level, ...]:
        """The levels whose columns are in the rows themselves."""
        return tuple(level for level in self.levels if not level.json)

    @property
    def chain(self) -> tuple[Level, ...]:
        """The joined groups, which follow one another from the root inwards."""
        return tuple(level for level in self.levels if level.many and not level.json)

    @property
    def groups(self) -> bool:
        """Whether rows are grouped; if not, each row is one root, and no key is used."""
        return bool(self.chain)

    @property
    def records(self) -> tuple[str, ...]:
        """The names of the records of all levels below the root."""
        return tuple(dict.fromkeys(level.record for level in self.levels))

    def children(self, path: str) -> tuple[Level, ...]:
        """The levels directly below a path."""
        return tuple(level for level in self.levels if level.parent == path)

    def key_of(self, path: str) -> tuple[str, ...]:
        """The key that is declared for a level; an empty path is the root."""
        return next((level.key for level in self.levels if level.path == path), ()) if path else self.key


def place_of_label(label: str, nesting: Nesting) -> tuple[str, str] | None:
    """The path of the level and the field that a column fills; None if no level has the path.

    A column that is a whole json level fills the field of that name in its parent.
    """
    prefix, divider, field = label.rpartition(DIVIDER)
    if not divider:
        return "", label
    found = nesting.by_label.get(prefix)
    return None if found is None or found.json else (found.path, field)


class NestingNotes:
    """Collects the directives of one statement."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._levels: dict[str, Level] = {}
        self._key: tuple[str, ...] | None = None
        self._key_at = 0

    def read(self, word: str, rest: str, text: str, at: int) -> None:
        """Read one directive; ``rest`` is what follows its word.  Raises SqlFileError."""
        site, operands = self._site, (_KEY if word == "key" else _LEVEL).fullmatch(rest.rstrip())
        if operands is None or not text.startswith("-- @"):
            raise site.error(f"malformed directive: {text}", f"write it as {_FORMATS[word]}", at=at)
        key = tuple(re.split(r"[ \t]*,[ \t]*", operands["key"])) if operands["key"] else ()
        if word == "key":
            if self._key is not None:
                raise site.error("@key is given twice", "name all columns of the key in one line", at=at)
            self._key, self._key_at = key, at
            return
        level = Level(operands["path"], operands["record"], word == "group", key, bool(operands["json"]))
        self._check(level, at)
        self._levels[level.path] = level

    def _check(self, level: Level, at: int) -> None:
        site, word = self._site, "group" if level.many else "embed"
        for part in level.path.split("."):
            if not (part.isascii() and is_python_name(part)) or DIVIDER in part or part.strip("_") != part:
                hint = "a path is field names joined by points: posts.comments"
                raise site.error(f"{level.path} is not a path", hint, at=at)
        if not _RECORD.fullmatch(level.record) or not is_python_name(level.record):
            raise site.error(f"{level.record} is not a record name", "a record name is CapWords, like Post", at=at)
        if not level.many and (level.key or level.json):
            raise site.error(f"@embed takes no {'key' if level.key else 'json'}", f"write {_FORMATS['embed']}", at=at)
        if level.json and level.key:
            raise site.error(
                "a json level cannot have a key: its rows are not grouped", f"remove key from @{word}", at=at
            )
        if level.path in self._levels:
            raise site.error(f"the path {level.path} is given twice", "keep one of the lines", at=at)
        if level.parent and level.parent not in self._levels:
            near = nearest(level.parent, self._levels)
            hint = near or f"put the line for {level.parent} above this one"
            raise site.error(f"there is no level {level.parent} above {level.path}", hint, at=at)
        if level.parent and self._levels[level.parent].json:
            hint = "a json level cannot have levels; write another statement for them"
            raise site.error(f"@{word} cannot be below {level.parent}, which is a json level", hint, at=at)
        others = [other for other in self._levels.values() if other.many and not other.json]
        if level.many and not level.json and (other := next((o for o in others if not _above(o, level)), None)):
            raise site.error(
                f"the groups {other.path} and {level.path} multiply each other's rows",
                "write two statements, or make one of them a json level",
                at=at,
            )

    def nesting(self) -> Nesting | None:
        """The nesting that all directives declare together; None if there are no directives."""
        nesting = Nesting(tuple(self._levels.values()), self._key or ())
        if self._key is not None and not nesting.groups:
            hint = "remove the line: only a joined @group groups rows"
            raise self._site.error("@key has no effect here", hint, at=self._key_at)
        return nesting if nesting.levels else None


def _above(one: Level, other: Level) -> bool:
    return other.path.startswith(f"{one.path}.")
