"""SQL texts in one form: the text of a statement, or what a server keeps of it, in; the same for both out.

Comments go, words are in capitals without quotes, a value of any kind is ``?``, and so is a list of them however long:
what servers count as one statement.
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
"""After one of these a sign belongs to the number behind it."""


def normal_text(sql: str, engine: str, spellings: Mapping[str, str] = MappingProxyType({})) -> str:
    """The text in its normal form.  ``spellings`` has the one spelling of words that mean the same to the engine."""
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
