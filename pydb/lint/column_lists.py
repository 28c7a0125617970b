"""Find column lists on too many lines: a statement's tokens in, the lists that need fewer lines out.

A plain column is a name, such as ``u.id``.  Expressions, and columns with a comment beside them, may have lines of
their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydb.sqlfile.line_starts import LineStarts
from pydb.sqlfile.tokens import COMMENT, QUOTED, WORD, Token, TokenList, significant

__all__ = ["WIDTH", "column_runs", "long_lists"]

WIDTH = 100
"""The maximum number of characters in a line of columns."""

_LISTS = ("SELECT", "RETURNING")
_MODIFIERS = frozenset({"DISTINCT", "ALL"})
_ENDS = frozenset({"FROM", "WHERE", "UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", "OFFSET", "FETCH"})
_ENDS |= {"GROUP", "HAVING", "WINDOW", "INTO", "FOR", "ON", ";", ")"}


class ColumnRun(NamedTuple):
    """Consecutive plain columns, each as the offsets of its start and of its end, including the comma after it."""

    columns: tuple[tuple[int, int], ...]


def long_lists(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Each list that takes too many lines, as the offset of its first column and a message."""
    lines = LineStarts("".join(token.text for token in tokens))
    for run in column_runs(tokens, lines):
        places = [lines.place(start) for start, _ in run.columns]
        taken = len({line for line, _ in places})
        below = next((column for line, column in places if line > places[0][0]), places[0][1])
        needed = _needed([end - start for start, end in run.columns], places[0][1], below)
        if needed < taken:
            yield run.columns[0][0], f"these columns take {taken} lines but fit on {needed}"


def _needed(widths: Sequence[int], first: int, below: int) -> int:
    """The number of lines that the columns from ``first`` on need, if each further line begins at ``below``."""
    needed, at = 1, first - 1
    for number, width in enumerate(widths):
        if number and at + width > WIDTH:
            needed, at = needed + 1, below - 1
        at += width + 1
    return needed


def column_runs(tokens: Sequence[Token], lines: LineStarts) -> Iterator[ColumnRun]:
    """The plain columns of SELECT, RETURNING and INSERT INTO, in runs without a comment between them."""
    code = TokenList(list(significant(tokens)))
    comments = [token.start for token in tokens if token.kind == COMMENT]
    commented = set(map(lines.line, comments))

    def is_apart(before: int, start: int) -> bool:
        there = {lines.line(before), lines.line(start)}
        return len(there) > 1 and (
            not there.isdisjoint(commented) or any(before < comment < start for comment in comments)
        )

    for items in _lists(code):
        run: list[tuple[int, int]] = []
        for item in items:
            start, end = _span(code, item)
            plain = _is_plain(code, item)
            if run and (not plain or is_apart(run[-1][0], start)):
                yield ColumnRun(tuple(run))
                run = []
            if plain:
                run.append((start, end))
        if run:
            yield ColumnRun(tuple(run))


def _span(code: TokenList, item: range) -> tuple[int, int]:
    last = item.stop if code.word(item.stop) in (",", ";", ")") else item.stop - 1
    token = code.tokens[last]
    return code.tokens[item.start].start, token.start + len(token.text)


def _is_plain(code: TokenList, item: range) -> bool:
    names = all(code.kind(i) in (WORD, QUOTED) for i in item[::2])
    return len(item) % 2 == 1 and names and all(code.word(i) == "." for i in item[1::2])


def _lists(code: TokenList) -> Iterator[list[range]]:
    for word in _LISTS:
        for i in code.at.get(word, ()):
            yield _items(code, code.after(i, _MODIFIERS))
    for i in code.at.get("INTO", ()):
        opening = next((k for k in range(i + 1, min(i + 5, len(code))) if code.word(k) == "("), None)
        if code.word(i - 1) in ("INSERT", "REPLACE") and opening is not None:
            yield [item for item in code.items(opening) or () if item]


def _items(code: TokenList, first: int) -> list[range]:
    """The items of a list that begins at a position and ends with its clause."""
    level = code.opens[first] if first < len(code) else -1
    items, start = [], first
    for i in range(first, len(code)):
        closes_list = code.word(i) == ")" and code.opening(i) < first
        if not closes_list and (code.opens[i] != level or code.word(i) == ")"):
            continue
        if code.word(i) == "," or code.word(i) in _ENDS:
            if i > start:
                items.append(range(start, i))
            start = i + 1
            if code.word(i) != ",":
                return items
    return [*items, range(start, len(code))] if start < len(code) else items
