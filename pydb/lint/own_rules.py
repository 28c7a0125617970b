"""The rules that are pydb's own: a statement's tokens in, violations out.

DB01  the file breaks the format of a .sql file (the loader's message says how)
DB02  a `*` instead of a column list
DB03  UPDATE or DELETE without WHERE, and no comment that begins with "No WHERE:"
DB04  a list of plain columns on more lines than it needs (``column_lists``)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydb.lint.column_lists import WIDTH
from pydb.sqlfile.tokens import COMMENT, Token, TokenList, significant

__all__ = ["FORMAT", "HINTS", "LINES", "STAR", "UNBOUND", "own_violations"]

FORMAT, STAR, UNBOUND, LINES = "DB01", "DB02", "DB03", "DB04"

HINTS = {
    STAR: "list the columns, in the order of the record's fields; in EXISTS write SELECT 1",
    LINES: f"fill lines of up to {WIDTH} characters; an expression may have a line of its own",
    UNBOUND: 'add a WHERE, or say why every row is meant in a comment that begins with "No WHERE:"',
}

BEFORE_STAR = {"SELECT", "DISTINCT", "ALL", "RETURNING", ",", "."}
AFTER_STAR = {"FROM", "INTO", "WHERE", "UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", ",", ")", ";"}
REASON = re.compile(r"(?:--|/\*|#)\s*No WHERE:\s*\S", re.IGNORECASE)


def own_violations(tokens: Sequence[Token], documentation: str) -> Iterator[tuple[str, int, str]]:
    """Each violation as (code, offset in the statement, message)."""
    code = TokenList(list(significant(tokens)))
    for i in _stars(code):
        yield STAR, code.tokens[i].start, "`*` instead of a list of columns"
    if not _says_why(tokens, documentation):
        for i in _unbound(code):
            yield UNBOUND, code.tokens[i].start, f"{code.word(i)} without WHERE changes every row"


def _says_why(tokens: Sequence[Token], documentation: str) -> bool:
    written = any(token.kind == COMMENT and REASON.match(token.text) for token in tokens)
    return written or any(REASON.match(f"-- {line}") for line in documentation.splitlines())


def _stars(code: TokenList) -> Iterator[int]:
    """The stars that mean all columns, without multiplications and the star of count(*)."""
    for i in code.at.get("*", ()):
        before, after = code.word(i - 1), code.word(i + 1) or ";"
        if before != "(" and (before in BEFORE_STAR or after in AFTER_STAR):
            yield i


def _unbound(code: TokenList) -> Iterator[int]:
    """The positions of UPDATE and DELETE that begin a statement without a WHERE at the same bracket level."""
    bound = {code.opens[i]: i for i in code.at.get("WHERE", ())}
    for i in sorted([*code.at.get("UPDATE", ()), *code.at.get("DELETE", ())]):
        if code.word(i - 1) in ("", "(", ")") and bound.get(code.opens[i], -1) < i:
            yield i
