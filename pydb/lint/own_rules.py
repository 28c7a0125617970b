"""The rules that are pydb's own: a statement's tokens in, slips out.

DB01  the file breaks the format of a .sql file (the loader says how)
DB02  a `*` instead of a column list
DB03  UPDATE or DELETE without WHERE, and no comment that begins with "No WHERE:"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from pydb.sqlfile.lexer import COMMENT, SPACE, WORD, Token

__all__ = ["FORMAT", "HINTS", "STAR", "UNBOUND", "house_slips"]

FORMAT, STAR, UNBOUND = "DB01", "DB02", "DB03"

HINTS = {
    STAR: "list the columns, in the order of the record's fields; in EXISTS write SELECT 1",
    UNBOUND: 'add a WHERE, or say why every row is meant in a comment that begins with "No WHERE:"',
}

BEFORE_STAR = {"SELECT", "DISTINCT", "ALL", "RETURNING", ",", "."}
AFTER_STAR = {"FROM", "INTO", "WHERE", "UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", ",", ")", ";"}
REASON = re.compile(r"(?:--|/\*|#)\s*No WHERE:\s*\S", re.IGNORECASE)


def house_slips(tokens: Sequence[Token], documentation: str) -> Iterator[tuple[str, int, str]]:
    """Each slip as (code, offset in the statement, message)."""
    code = [token for token in tokens if token.kind not in (SPACE, COMMENT)]
    for token in _stars(code):
        yield STAR, token.start, "`*` instead of a list of columns"
    if not _says_why(tokens, documentation):
        for token in _unbound(code):
            yield UNBOUND, token.start, f"{token.text.upper()} without WHERE changes every row"


def _says_why(tokens: Sequence[Token], documentation: str) -> bool:
    written = any(token.kind == COMMENT and REASON.match(token.text) for token in tokens)
    return written or any(REASON.match(f"-- {line}") for line in documentation.splitlines())


def _stars(code: Sequence[Token]) -> Iterator[Token]:
    """The stars that stand for columns: not a multiplication, and not the one of count(*)."""
    for position, token in enumerate(code):
        before = code[position - 1].text.upper() if position else ""
        after = code[position + 1].text.upper() if position + 1 < len(code) else ";"
        if token.text == "*" and before != "(" and (before in BEFORE_STAR or after in AFTER_STAR):
            yield token


def _unbound(code: Sequence[Token]) -> Iterator[Token]:
    """The UPDATE and DELETE that begin a statement and see no WHERE in its bracket before that ends."""
    waiting: list[list[Token]] = [[]]
    for position, token in enumerate(code):
        word = token.text.upper() if token.kind == WORD else token.text
        if word == "(":
            waiting.append([])
        elif word == ")":
            yield from waiting.pop()
            waiting = waiting or [[]]
        elif word == "WHERE":
            waiting[-1].clear()
        elif word in ("UPDATE", "DELETE") and (position == 0 or code[position - 1].text in ("(", ")")):
            waiting[-1].append(token)
    yield from chain.from_iterable(waiting)
