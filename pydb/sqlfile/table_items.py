"""Distinguish columns from constraints in CREATE TABLE: the tokens of an item in, which of the two it is out."""

from __future__ import annotations

from pydb.sqlfile.tokens import QUOTED, WORD, TokenList

__all__ = ["CONSTRAINTS", "INDEXES", "begins_constraint"]

CONSTRAINTS = frozenset({"CONSTRAINT", "PRIMARY", "FOREIGN", "UNIQUE", "CHECK"})
INDEXES = frozenset({"KEY", "INDEX", "FULLTEXT", "SPATIAL"})


def begins_constraint(code: TokenList, i: int) -> bool:
    """Whether a constraint or an index begins here; some of their words may also be names of columns."""
    if code.kind(i) != WORD:
        return False
    word, after = code.word(i), code.word(i + 1)
    if word in INDEXES:
        k = code.after(i, INDEXES)
        while code.kind(k) in (WORD, QUOTED):
            k += 1
        # A column's type may have a number or texts in parentheses; an index has columns.
        return code.word(k) == "(" and code.kind(k + 1) in (WORD, QUOTED)
    if word == "EXCLUDE":
        return after in ("USING", "(")
    return word in CONSTRAINTS or (word == "PERIOD" and after == "FOR")
