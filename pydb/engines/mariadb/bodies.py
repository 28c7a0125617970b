"""Find the end of a CREATE that may have a body: its tokens in, the offset of its semicolon out.

The mariadb shell does not recognise bodies and needs a DELIMITER line.  In pydb, ``BEGIN … END`` needs none.  BEGIN and
END may also be names: they are keywords only where a statement may begin or end.

Source: https://mariadb.com/kb/en/programmatic-compound-statements/.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise

from pydb.sqlfile.tokens import OPERATOR, SPACE, WORD, Token

__all__ = ["end_of_create"]

_ROUTINES = frozenset({"FUNCTION", "PROCEDURE"})
_KINDS = _ROUTINES | {"TRIGGER", "EVENT"}
_BEFORE_KIND = frozenset({"OR", "REPLACE", "AGGREGATE"})
_VERBS = frozenset(
    {
        *("RETURN", "SELECT", "INSERT", "UPDATE", "DELETE", "SET", "CALL", "REPLACE", "WITH", "IF", "CASE", "LOOP"),
        *("WHILE", "REPEAT", "FOR", "TRUNCATE", "CREATE", "DROP", "ALTER", "SIGNAL", "EXECUTE", "VALUES", "OPTIMIZE"),
    }
)
_NOT_VERB_AFTER = frozenset({"CHARACTER", "RETURNS"})
_BEGINS = frozenset({";", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", ":"})
_COMPOUND = frozenset({"IF", "LOOP", "WHILE", "REPEAT", "FOR"})
_OPERAND_FOLLOWS = frozenset({"WHEN", "THEN", "ELSE", "CASE", ".", ",", "(", "AND", "OR", "NOT"})
_BLOCK, _CASE, _CASE_OPERAND = "BEGIN", "CASE", "CASE of an operand"


def end_of_create(tokens: Iterator[Token]) -> int | None:
    """The offset of the semicolon that ends a CREATE; None if the tokens end before it."""
    head, body = _Head(), _Body()
    # The text in /*! … */ is code.
    code = (token for token in tokens if not (token.kind == OPERATOR and token.text.startswith(("/*", "*/"))))
    for token, following in pairwise(chain(code, [Token(SPACE, "", 0)])):
        word = token.text.upper() if token.kind == WORD else token.text
        if word == ";" and not body.open:
            return token.start
        if not head.done:
            head.read(word)
        if head.done and head.has_body:
            body.read(word, following.text.upper())
    return None


class _Head:
    """The part of a CREATE before the body; ``done`` says that it has ended, ``has_body`` that a block follows."""

    def __init__(self) -> None:
        self.done = self.has_body = False
        self._kind = self._before = ""
        self._brackets = 0
        self._definer = False
        self._waits = True

    def read(self, word: str) -> None:
        """Read the next word or mark."""
        self._brackets += (word == "(") - (word == ")")
        if not self._kind:
            self._read_kind(word)
        elif self._brackets == 0 and not self._waits:
            if word == "BEGIN":
                self.done = self.has_body = True
            elif word in _VERBS and self._before not in _NOT_VERB_AFTER:
                self.done = True
        elif self._brackets == 0 and self._ends_wait(word):
            self._waits = False
        self._before = word

    def _read_kind(self, word: str) -> None:
        if word in _KINDS:
            self._kind = word
        elif self._definer or word == "DEFINER":
            self._definer = True
        elif word != "CREATE" and word not in _BEFORE_KIND:
            self.done = True

    def _ends_wait(self, word: str) -> bool:
        """Whether a body may follow: after FOR EACH ROW, DO, or the parameters of a routine."""
        if self._kind == "TRIGGER":
            return (self._before, word) == ("EACH", "ROW")
        return word == ("DO" if self._kind == "EVENT" else ")")


class _Body:
    """The blocks that are open."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self._before = "DO"
        self._first = ""

    def read(self, word: str, following: str) -> None:
        """Read the next word or mark."""
        inside = self.open[-1] if self.open else ""
        begins = self._before in _BEGINS and inside != _CASE_OPERAND
        if begins:
            self._first = word
        if word == "BEGIN" and (begins or self._first == "DECLARE"):
            self.open.append(_BLOCK)
            self._first = ""
        elif word == "CASE" and self._before not in ("END", "."):
            self.open.append(_CASE if begins else _CASE_OPERAND)
        elif word == "END" and self._ends(inside, following):
            self.open.pop()
        self._before = word

    def _ends(self, inside: str, following: str) -> bool:
        if inside == _CASE_OPERAND:
            return self._before not in _OPERAND_FOLLOWS
        return bool(inside) and self._before in (";", "BEGIN") and following not in _COMPOUND
