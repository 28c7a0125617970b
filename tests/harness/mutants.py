"""Mutants of statements with optional lines, and a slow reference that tries every call of them.

The reference shares no code with pydb: it splits lines, evaluates marks and joins the included lines in the simplest
way.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

__all__ = ["connected", "mutants", "statements", "wrong"]

_CONDITION = r"(?:not )?:\w+(?: given| is null| = [\w|]+)?"
MARK = re.compile(rf"-- if ({_CONDITION}(?: and {_CONDITION})*)\s*$")
_PARTS = re.compile(r"(not )?:(\w+)(?: (given|is null)| = ([\w|]+))?")
_NAMES = re.compile(r"(?<![\w:]):(\w+)")
_COMMA = re.compile(
    r",(\s*(?:--[^\n]*\n\s*)*)(?=[);\]]|(?:SELECT|INSERT|UPDATE|DELETE|VALUES|SET|FROM|WHERE|GROUP|HAVING|WINDOW|ORDER|"
    r"LIMIT|OFFSET|FETCH|FOR|RETURNING|UNION|EXCEPT|INTERSECT|ON)\b)",
    re.IGNORECASE,
)
MOST_CALLS = 5_000


def statements(text: str) -> list[str]:
    """The statements of a file, each with its header."""
    return [part for part in re.split(r"(?m)^(?=-- name: )", text) if part.startswith("-- name:")]


def mutants(statement: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Changed copies of a statement: marks are removed, doubled, misspelt, negated, moved, added, swapped or copied."""
    lines = statement.rstrip("\n").split("\n")
    marked = [i for i, line in enumerate(lines) if MARK.search(line)]
    with_sql = [
        i for i, line in enumerate(lines) if line.strip() and (i in marked or not line.lstrip().startswith("--"))
    ]

    def changed(kind: str, *edits: tuple[int, str]) -> tuple[str, str]:
        copy = list(lines)
        for place, line in edits:
            copy[place] = line
        return kind, "\n".join(copy)

    for i in marked:
        found = MARK.search(lines[i])
        assert found is not None
        mark, bare = found.group().rstrip(), lines[i][: found.start()].rstrip()
        name = re.search(r":(\w+)", mark)
        assert name is not None
        yield changed("removed", (i, bare))
        yield changed("doubled", (i, f"{lines[i]} {mark}"))
        yield changed("misspelt", (i, f"{bare} {mark.replace(name.group(), name.group() + 'x')}"))
        yield changed("negated", (i, f"{bare} {_negated(mark)}"))
        yield changed("switched off", (i, f"-- {lines[i].lstrip()}"))
        for k in (i - 1, i + 1):
            if k in with_sql and k not in marked:
                yield changed("moved", (i, bare), (k, f"{lines[k]} {mark}"))
        for k in with_sql:
            if k not in marked and rng.random() < 0.3:
                yield changed("added", (k, f"{lines[k]} {mark}"))
        if others := [k for k in marked if k != i]:
            k = rng.choice(others)
            other = MARK.search(lines[k])
            assert other is not None
            yield changed("swapped", (i, f"{bare} {other.group()}"), (k, lines[k][: other.start()] + mark))
            yield changed("copied", (i, f"{bare} {other.group()}"))


def _negated(mark: str) -> str:
    if "not :" in mark:
        return mark.replace("not :", ":", 1)
    return mark.replace("-- if :", "-- if not :", 1)


def connected(schema: str) -> sqlite3.Connection:
    """A database with a schema."""
    conn = sqlite3.connect(":memory:")
    conn.executescript(schema)
    return conn


class _AnyValue(dict[str, None]):
    def __missing__(self, _name: str) -> None:
        return None


def wrong(statement: str, conn: sqlite3.Connection) -> str:
    """The mistake of a statement with marks, found by making every variant; an empty text if there is none."""
    try:
        lines = list(_lines(statement))
        return _try_all(lines, _kinds(lines, statement), conn)
    except ValueError as error:
        return str(error)


@dataclass(slots=True)
class _OpenGroup:
    depth: int
    conditions: tuple[str, ...]


class _RefLine:
    def __init__(self, text: str, groups: list[tuple[str, ...]], alternative: bool) -> None:
        self.text, self.alternative = text, alternative
        self.conditions = [condition for group in groups for condition in group]
        self.code = re.sub(r"'(?:[^']|'')*'", "''", text).split("--")[0]
        self.names = _NAMES.findall(self.code)


def _lines(statement: str) -> Iterator[_RefLine]:
    open_groups: list[_OpenGroup] = []
    after_marked = False
    for line in statement.split("\n")[1:]:
        if not line.strip() or line.startswith("-- @"):
            continue
        found = MARK.search(line)
        text = line[: found.start()] if found else line
        own = (tuple(found.group(1).split(" and ")),) if found else ()
        alternative = text.lstrip().startswith("--")
        if alternative:
            if not found or text.lstrip().startswith("-- --"):
                continue
            if not after_marked:
                raise ValueError("an alternative of nothing")
            text = re.sub(r"^\s*-- ?", "", text)
        if MARK.search(text.rstrip()):
            raise ValueError("two marks")
        made = _RefLine(text.rstrip(), [*(one.conditions for one in open_groups), *own], alternative)
        depth = 0
        for character in made.code:
            depth += (character == "(") - (character == ")")
            if depth < 0 and own and not alternative:
                raise ValueError("a marked line closes an earlier bracket")
        yield made
        after_marked = bool(found)
        if not alternative and depth > 0:
            open_groups.append(_OpenGroup(depth, own[0] if own else ()))
        while not alternative and depth < 0 and open_groups:
            depth += 1
            open_groups[-1].depth -= 1
            if not open_groups[-1].depth:
                after_marked = bool(open_groups.pop().conditions)


def _kinds(lines: list[_RefLine], statement: str) -> dict[str, list[str]]:
    """The states of each name."""
    flags = set(re.findall(r"(?m)^-- @param (\w+) bool$", statement))
    bound = {name for line in lines for name in line.names}
    tests: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        for condition in line.conditions:
            _, name, test, values = _PARTS.fullmatch(condition).groups()  # type: ignore[union-attr]
            tests.setdefault(name, []).append((test or "", values or ""))
    if forgotten := flags - tests.keys() - bound:
        raise ValueError(f"{forgotten} are forgotten")
    found = {}
    for name, used in tests.items():
        values = list(dict.fromkeys(value for _, words in used for value in words.split("|") if value))
        if values and name in bound:
            raise ValueError(f"{name} is used both as a choice and as a value")
        if not values and name not in bound and name not in flags:
            raise ValueError(f"{name} is unknown")
        if name not in bound and any(test for test, _ in used):
            raise ValueError(f"{name} is no value")
        states = ["", *values] if values else ["", "given", "null"] if any(test for test, _ in used) else ["", "given"]
        found[name] = states if values and not _has_default(name, lines) else states[bool(values) :]
    return found


def _has_default(name: str, lines: list[_RefLine]) -> bool:
    """Whether a line that is replaced by an alternative of this choice has one of its values too."""
    for i, line in enumerate(lines):
        if line.alternative and any(f":{name} = " in condition for condition in line.conditions):
            live = next(other for other in reversed(lines[:i]) if not other.alternative)
            if any(condition.startswith(f":{name} = ") for condition in live.conditions):
                return True
    return False


def _holds(condition: str, call: dict[str, str]) -> bool:
    negated, name, test, values = _PARTS.fullmatch(condition).groups()  # type: ignore[union-attr]
    state = call[name]
    if negated:
        return state in ("", "null")
    if values:
        return state in values.split("|")
    if test:
        return state == "null" or (test == "given" and state == "given")
    return state not in ("", "null")


def _try_all(lines: list[_RefLine], states: dict[str, list[str]], conn: sqlite3.Connection) -> str:
    seen: set[tuple[bool, ...]] = set()
    ever = [False] * len(lines)
    calls = list(product(*states.values()))
    if len(calls) > MOST_CALLS:
        calls = random.Random(1).sample(calls, MOST_CALLS)
    for combination in calls:
        call = dict(zip(states, combination, strict=True))
        there = tuple(all(_holds(condition, call) for condition in line.conditions) for line in lines)
        ever = [one or other for one, other in zip(ever, there, strict=True)]
        present = [line for line, is_there in zip(lines, there, strict=True) if is_there]
        for name in (name for line in present for name in line.names):
            if call.get(name) == "":
                return f"{name} is bound where it is not passed"
        if there in seen:
            continue
        seen.add(there)
        sql = _COMMA.sub(r"\1", "\n".join(line.text for line in present).replace(";", "") + "\n;")
        if _changes_all(sql):
            continue
        try:
            conn.execute(f"EXPLAIN {sql}", _AnyValue())
        except sqlite3.Error as error:
            return f"{error} with {call}"
    return "" if all(ever) else "a line is never there"


def _changes_all(sql: str) -> bool:
    """Whether a call is refused because it would set nothing, insert nothing or change all rows."""
    code = re.sub(r"--[^\n]*", "", sql)
    if re.search(r"\bSET\s*(?:WHERE\b|;)", code) or re.search(r"\(\s*\)\s*VALUES\s*\(\s*\)", code):
        return True
    if not re.match(r"\s*(?:UPDATE|DELETE)\b", code):
        return False
    where = re.search(r"\bWHERE\b(.*);", code, re.DOTALL)
    return not where or not re.search(r"\b(?!TRUE|AND|OR|NOT)[a-z_]\w*\b", _NAMES.sub("", where[1]))
