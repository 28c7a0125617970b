"""Decide whether a statement's text fixes the order of its columns: the tokens of one statement in, a bool out."""

from __future__ import annotations

from pydb.sqlfile.tokens import CAST, OPERATOR, PUNCTUATION, TokenList
from pydb.sqlfile.verbs import CHANGES_ROWS

__all__ = ["fixes_columns"]

_LISTING = frozenset({"SELECT", "VALUES", *CHANGES_ROWS})
_BEFORE_STAR = frozenset({"SELECT", "DISTINCT", "DISTINCTROW", "ALL", "RETURNING", ",", "."})
_AFTER_STAR = frozenset({"", ",", ")", "FROM", "INTO", "WHERE", "UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", "AS"})


def fixes_columns(code: TokenList, verb: str) -> bool:
    """Whether the text lists all columns, in their order: there is no ``*`` in the outermost list.

    False for statements without a list, such as CALL.  A ``*`` that may be a multiplication counts as columns.
    """
    if verb not in _LISTING:
        return False
    in_brackets = code.word(0) == "("
    return not any(_is_star(code, i) for i in code.at.get("*", ()) if in_brackets or code.opens[i] < 0)


def _is_star(code: TokenList, i: int) -> bool:
    """Whether the ``*`` means columns, and not a multiplication or ``count(*)``."""
    before, after = code.word(i - 1), code.word(i + 1)
    if before == "(" and after == ")":
        return False
    if before in _BEFORE_STAR or after in _AFTER_STAR:
        return True
    return code.kind(i + 1) in (OPERATOR, PUNCTUATION, CAST) and after not in ("(", "-", "+", "~", "@", ":")
