"""Normalize SQL texts: the text of a statement, or a server's text of it, in; the same normal form for both out.

Comments are removed, words are in upper case without quotes, and a value or a list of values is ``?``, because servers
count such texts as one statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pydb.sqlfile.lexer import NUMBER, PARAMETER, PLACEHOLDER, QUOTED, STRING, WORD, tokenize
from pydb.sqlfile.tokens import Token, significant, unquoted

__all__ = ["normal_text"]

VALUE = "?"
_VALUES = frozenset({NUMBER, STRING, PARAMETER, PLACEHOLDER})
_INTRODUCER = re.compile(r"_[A-Z0-9]+")
_LIST = re.compile(r"\?(?: , \?)+")
_ROWS = re.compile(r"(?<= VALUES )(\( (?:[^()]|\( (?:[^()]|\( [^()]* \))* \))* \))(?: , \1)+")
_NO_OPERAND = frozenset(
    [
        *("(", ",", "=", "<", ">", "<=", ">=", "<>", "+", "-", "*", "/", "%", "||", "SELECT", "WHERE", "RETURNING"),
        *("AND", "OR", "NOT", "WHEN", "THEN", "ELSE", "BETWEEN", "LIKE", "IN", "BY", "LIMIT", "OFFSET", "ON"),
    ]
)
"""Words after which a sign belongs to the number that follows."""


def normal_text(sql: str, engine: str, spellings: Mapping[str, str] = MappingProxyType({})) -> str:
    """The text in its normal form.  ``spellings`` maps words that mean the same to the engine to one spelling."""
    words: list[str] = []
    for word in _words(tokenize(sql, engine), spellings):
        if word == VALUE and _belongs_to_value(words):
            words.pop()
        words.append(word)
    text = _LIST.sub(VALUE, " ".join(words).rstrip("; "))
    return _ROWS.sub(r"\1", text)


def _belongs_to_value(words: list[str]) -> bool:
    """Whether the last word is a sign, or names the character set, of the value that follows."""
    is_sign = len(words) > 1 and words[-1] in ("-", "+") and words[-2] in _NO_OPERAND
    return is_sign or (bool(words) and _INTRODUCER.fullmatch(words[-1]) is not None)


def _words(tokens: list[Token], spellings: Mapping[str, str]) -> Iterator[str]:
    for token in significant(tokens):
        if token.kind in _VALUES:
            yield VALUE
        elif token.kind in (WORD, QUOTED):
            word = unquoted(token).upper()
            yield VALUE if word == "NULL" else spellings.get(word, word)
        else:
            yield spellings.get(token.text, token.text)
