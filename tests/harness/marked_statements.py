"""Statements with optional lines from shared/data/dynamic, and an independent reference for their meaning.

In: a statement's text and arguments.  Out: the SQL of that call, made line by line with regular expressions and without
code of pydb, and the names without effect.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.harness.documents import PROJECT

FLAGS, CHOICES = frozenset({"bool"}), re.compile(r":(\w+) = ([\w|]+)")
MARK = re.compile(r"\s*-- if (.*)$")
NAME = re.compile(r"(?<![:\w]):([a-z_]+)")
REPAIRED = re.compile(
    r",(?=\s*(?:\)|;|\Z|(?:SELECT|VALUES|SET|FROM|WHERE|GROUP|HAVING|ORDER|LIMIT|OFFSET|RETURNING|UNION|ON)\b))"
)
EPOCH = datetime(2026, 1, 1)
WORDS = {
    "status": ("active", "new", "read", "paid"),
    "role": ("user", "admin", "guest"),
    "tag": ("red", "blue", "green"),
    "type": ("private", "public"),
    "optin": ("single", "double"),
    "action": ("create", "delete"),
    "transition": ("start", "stop"),
}
MANY = {"statuses": "status", "roles": "role", "tags": "tag", "names": "username", "not_names": "username"}


def dynamic_folder() -> Path:
    """The folder with the statements; the test is skipped if it does not exist."""
    shared = Path(os.environ.get("PYDB_SHARED_DATA") or PROJECT.parent / "shared" / "data") / "dynamic"
    if not (shared / "statements.sql").is_file():
        pytest.skip("shared/data/dynamic is not there")
    return shared


@dataclass(frozen=True)
class Marked:
    """One statement: its name, its row word, the lines of its SQL, and the names that it declares as flags."""

    name: str
    rows: str
    lines: tuple[str, ...]
    flags: tuple[str, ...]

    def conditions(self) -> str:
        return "\n".join(found[1] for line in self.lines if (found := MARK.search(line)))

    def names(self) -> list[str]:
        """All names, in the order of their first use."""
        return list(dict.fromkeys(NAME.findall("\n".join(self.lines))))

    def choices(self) -> dict[str, list[str]]:
        """The values of each choice; the first is that of its live line."""
        live = [line for line in self.lines if not line.lstrip().startswith("--")]
        found: dict[str, list[str]] = {}
        for line in [*live, *self.lines]:
            for name, values in CHOICES.findall(found_mark[1] if (found_mark := MARK.search(line)) else ""):
                found.setdefault(name, []).extend(value for value in values.split("|") if value not in found[name])
        return found

    def default(self, choice: str) -> str | None:
        """The value of a choice that is not passed: that of the live line, if another line is commented out."""
        alternatives = [line for line in self.lines if line.lstrip().startswith("-- ") and f":{choice} =" in line]
        return self.choices()[choice][0] if alternatives else None

    def optional(self) -> list[str]:
        """The names that conditions use."""
        return [name for name in self.names() if re.search(rf":{name}\b", self.conditions())]


def marked_statements(text: str) -> Iterator[Marked]:
    """The statements of a file."""
    for block in re.split(r"(?m)^-- name: ", text)[1:]:
        header, *lines = block.strip().split("\n")
        name, rows = header.split(" :")
        flags = tuple(line.split()[2] for line in lines if line.startswith("-- @param") and line.endswith(" bool"))
        yield Marked(name, rows, tuple(line for line in lines if not line.startswith("-- @")), flags)


def holds(condition: str, marked: Marked, given: Mapping[str, Any]) -> bool:
    """Whether one condition is true for the arguments."""
    name = NAME.findall(condition)[0]
    if choice := CHOICES.match(condition):
        return (given.get(name) or marked.default(name)) in choice[2].split("|")
    if condition.endswith(" given"):
        return name in given
    if condition.endswith(" is null"):
        return name in given and given[name] is None
    value = given.get(name)
    passed = value is True if name in marked.flags else value is not None
    return passed != condition.startswith("not ")


def reference(marked: Marked, given: Mapping[str, Any]) -> tuple[str, set[str]]:
    """The SQL of a call with these arguments, and its names: bound, or used in the condition of an included line."""
    kept: list[str] = []
    used: set[str] = set()
    group: tuple[int, bool, set[str]] | None = None
    for line in marked.lines:
        found = MARK.search(line)
        sql = line[: found.start()] if found else line
        conditions = found[1].split(" and ") if found else []
        named = {name for condition in conditions for name in NAME.findall(condition)}
        there = all(holds(condition, marked, given) for condition in conditions)
        if found and sql.lstrip().startswith("--"):
            sql = sql.replace("--", "  ", 1)
        depth = sql.count("(") - sql.count(")")
        if group is not None:
            there, named = there and group[1], named | group[2]
            group = (group[0] + depth, group[1], group[2]) if group[0] + depth > 0 else None
        elif found and depth > 0:
            group = (depth, there, named)
        if there:
            kept.append(sql)
            used |= named | set(NAME.findall(sql))
        if not there and sql.rstrip().endswith(";"):
            kept.append(";")
    return REPAIRED.sub("", "\n".join(kept)).strip().removesuffix(";"), used


def idle(marked: Marked, given: Mapping[str, Any], used: set[str]) -> set[str]:
    """The optional names that are passed and have no effect."""
    return {
        name
        for name in marked.optional()
        if name not in used
        and name not in marked.flags
        and given.get(name) is not None
        and not (name in marked.choices() and given[name] == marked.default(name))
    }


def calls(marked: Marked, some: random.Random, most: int) -> Iterator[dict[str, Any]]:
    """All combinations of passed and omitted arguments, or this number of them."""
    optional = marked.optional()
    required = [name for name in marked.names() if name not in optional]
    choices = marked.choices()
    states = [
        (True, False)
        if name in marked.flags
        else (*choices[name], None)
        if name in choices
        else ("passed", "left out", "NULL")
        for name in optional
    ]
    count = 1
    for each in states:
        count *= len(each)
    if count <= most:
        combinations = list(product(*states))
    else:
        combinations = [tuple(some.choice(each) for each in states) for _ in range(most)]
    for combination in combinations:
        given = {name: argument(name, some) for name in required}
        for name, state in zip(optional, combination, strict=True):
            if name in marked.flags or name in choices:
                given |= {name: state} if state is not None else {}
            elif state != "left out":
                given[name] = argument(name, some) if state == "passed" else None
        yield given


def argument(name: str, some: random.Random) -> Any:
    """A value for a parameter of that name."""
    if name in MANY or name.endswith(("ids", "lists", "uuids")):
        return [argument(MANY.get(name, name[:-1]), some) for _ in range(some.randint(0, 4))]
    if name in ("deleted", "archived", "starred", "has_ai_task", "active", "hidden"):
        return some.random() < 0.5
    if name.endswith(("_at", "_time", "_from", "_to", "_before", "_after", "_gte", "_lt", "since")):
        return moment(some)
    if name == "limit" or name == "page_size":
        return some.randint(3, 60)
    if name in ("offset", "after", "after_id"):
        return some.randint(0, 6)
    if name in ("low", "high", "age"):
        return some.randint(15, 40)
    if (name.endswith("id") and not name.endswith("uuid")) or name in ("n_tags", "list", "user"):
        return some.randint(1, 8)
    return text(name, some)


def text(name: str, some: random.Random) -> str:
    word = next((word for word in WORDS if word in name or name in ("without", "gender")), None)
    return some.choice(WORDS[word]) if word else f"{some.choice('ab')}{some.randint(1, 4)}"[: some.randint(1, 2)]


def moment(some: random.Random) -> str:
    return str(EPOCH + timedelta(hours=some.randint(0, 60)))


def tables(schema: str) -> dict[str, list[tuple[str, str, bool]]]:
    """The columns of each table: their names, types, and whether they may be NULL."""
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for table, body in re.findall(r"CREATE TABLE (\w+) \((.*)\);", schema):
        columns = re.split(r", (?=[a-z_]+ [a-z])", re.sub(r", PRIMARY KEY \(.*\)", "", body))
        words = [(column, column.split()) for column in columns]
        found[table] = [(name, kind, " NOT NULL" not in column) for column, (name, kind, *_) in words]
    return found


def rows(table: str, columns: list[tuple[str, str, bool]], some: random.Random) -> Iterator[dict[str, Any]]:
    """Sixty rows for each table; tables of pairs have each pair once."""
    pairs = [(one, other) for one in range(1, 9) for other in range(1, 9) if some.random() < 0.6]
    for number in range(1, 61):
        row: dict[str, Any] = {}
        for name, kind, takes_null in columns:
            if takes_null and some.random() < 0.25:
                row[name] = None
            elif name == "id":
                row[name] = number
            elif kind.startswith(("integer", "numeric")):
                row[name] = some.randint(15, 40) if name == "age" else some.randint(1, 8)
            elif kind.startswith("boolean"):
                row[name] = some.random() < 0.5
            elif kind.startswith("timestamp"):
                row[name] = moment(some)
            else:
                row[name] = text(name, some) if name not in ("email", "uuid") else f"{text(name, some)}@{number}"
        if columns[0][0] != "id":
            if number > len(pairs):
                return
            first, second = columns[0][0], columns[1][0]
            row |= {first: pairs[number - 1][0], second: pairs[number - 1][1]}
            if second == "tag":
                if pairs[number - 1][1] > 3:
                    continue
                row["tag"] = WORDS["tag"][pairs[number - 1][1] - 1]
        yield row
