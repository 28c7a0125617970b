"""Find the clauses of a statement: its tokens in; the clause of each token, and which clause depends on which, out.

A clause begins at its head, such as ``WHERE`` or ``ORDER``.  It ends at the next head at the same bracket level, or at
the end of the bracket.  This module has no grammar: it finds only what an optional line can separate.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass

from pydb.sqlfile.tokens import NUMBER, PARAMETER, WORD, TokenList

__all__ = ["AFTER_TABLE", "HEADS", "SET_OPERATORS", "ClauseHead", "Clauses", "is_word_of_clause"]

HEADS = frozenset(
    {
        *("SELECT", "FROM", "JOIN", "WHERE", "SET", "VALUES", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH"),
        *("WINDOW", "RETURNING", "UNION", "EXCEPT", "INTERSECT", "WITH", "INSERT", "REPLACE", "UPDATE", "DELETE"),
        *("FOR", "PARTITION", "ROWS", "RANGE", "GROUPS", "ON"),
    }
)
AFTER_TABLE = frozenset(
    {
        *("ON", "USING", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "JOIN", "OUTER", "WHERE", "GROUP"),
        *("HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "EXCEPT", "INTERSECT", "WINDOW", "FOR", "RETURNING"),
        *("SET", "VALUES", "SELECT", "DEFAULT", "DO", "NOT", "TABLESAMPLE", "INDEXED", "FORCE", "USE", "IGNORE"),
        "STRAIGHT_JOIN",
    }
)
"""Words that may follow a table's name and are not an alias of it."""

_JOIN_WORDS = frozenset({"INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER", "STRAIGHT_JOIN", "LATERAL"})
SET_OPERATORS = frozenset({"UNION", "EXCEPT", "INTERSECT"})
_AFTER_SET_OPERATION = frozenset({"ORDER", "LIMIT", "OFFSET", "FETCH", "FOR"})
_FRAMES = frozenset({"ROWS", "RANGE", "GROUPS"})
_NOT_RESERVED = frozenset({"OFFSET", "FETCH", "WINDOW", "RETURNING", "REPLACE", "PARTITION", "VALUES"})
_NO_OPERAND = frozenset({",", ")", ";", ".", "]", "AS", "", "=", "<>", "<", ">", "AND", "OR"})


@dataclass(slots=True, eq=False)
class ClauseHead:
    """The head of a clause: ``word`` names the clause, ``position`` is its start, ``level`` the bracket around it.

    ``parent`` is the clause that it belongs to: FROM for a JOIN, UNION for the clauses of a SELECT after UNION.
    """

    word: str
    position: int
    level: int
    parent: ClauseHead | None = None


def is_word_of_clause(code: TokenList, i: int) -> bool:
    """Whether the word at position ``i`` begins a clause.

    A column may have the name of a clause; the word after it shows which of the two it is.
    """
    word, after = code.word(i), code.word(i + 1)
    if word not in HEADS or after in _NO_OPERAND or code.word(i - 1) in (".", "AS"):
        return False
    if word in _FRAMES:
        return after in ("BETWEEN", "UNBOUNDED", "CURRENT") or code.kind(i + 1) in (PARAMETER, NUMBER)
    return not (word in _NOT_RESERVED and after in HEADS)


_NONE: tuple[list[int], list[ClauseHead]] = ([], [])


class Clauses:
    """The clauses of a statement's tokens, in the order of their heads."""

    def __init__(self, code: TokenList) -> None:
        self.code = code
        self.all: list[ClauseHead] = []
        self._by_level: dict[int, tuple[list[int], list[ClauseHead]]] = {}
        for i in sorted(i for word in HEADS & code.at.keys() for i in code.at[word]):
            if word := self._head(i):
                level = code.opens[i]
                starts, clauses = self._by_level.setdefault(level, ([], []))
                clause = ClauseHead(word, self._start(i), level, self._parent(word, clauses))
                self.all.append(clause)
                starts.append(clause.position)
                clauses.append(clause)

    def of(self, i: int) -> ClauseHead | None:
        """The innermost clause that the token at position ``i`` is in."""
        while 0 <= i < len(self.code):
            level = self.code.opens[i]
            starts, clauses = self._by_level.get(level, _NONE)
            if found := bisect(starts, i):
                return clauses[found - 1]
            i = level
        return None

    def heads(self, span: range) -> Iterator[ClauseHead]:
        """The clauses whose heads are among these positions."""
        return (clause for clause in self.all if clause.position in span)

    def chain(self, i: int) -> Iterator[ClauseHead]:
        """The clauses that the token at position ``i`` belongs to, from the innermost outwards."""
        clause = self.of(i)
        while clause is not None:
            yield clause
            clause = clause.parent or self._around(clause.level)

    def _around(self, level: int) -> ClauseHead | None:
        return self.of(level) if level >= 0 else None

    def _head(self, i: int) -> str:
        """The name of the clause that begins at position ``i``; an empty text if none begins there."""
        code, word = self.code, self.code.words[i]
        if word not in HEADS or code.kind(i) != WORD or not is_word_of_clause(code, i):
            return ""
        before = code.word(i - 1)
        match word:
            case "FROM":
                return "" if before == "DISTINCT" and code.word(i - 2) in ("IS", "NOT") else word
            case "ON":
                return {"CONFLICT": "CONFLICT", "DUPLICATE": "CONFLICT"}.get(code.word(i + 1), "")
            case "UPDATE":
                return "" if before in ("FOR", "DO", "KEY", "NO") else word
            case "GROUP":
                return "" if before == "WITHIN" else word
            case "SET":
                return "" if before == "CHARACTER" else word
            case "REPLACE" | "INSERT":
                return "INSERT" if code.word(i + 1) in ("INTO", "OR", "IGNORE") else ""
            case "VALUES":
                return "" if before in ("=", ",", "(", "+", "-", "||") else word
            case "FOR":
                return word if code.word(i + 1) in ("UPDATE", "SHARE", "NO", "KEY") else ""
            case "WITH":
                return word if i == 0 or before == "(" or code.word(i + 1) == "RECURSIVE" else ""
            case "PARTITION" | "ORDER":
                return word if code.word(i + 1) == "BY" else ""
        return word

    def _start(self, i: int) -> int:
        """Where the head begins: INNER of INNER JOIN."""
        if self.code.words[i] != "JOIN":
            return i
        while self.code.word(i - 1) in _JOIN_WORDS:
            i -= 1
        return i

    def _parent(self, word: str, before: list[ClauseHead]) -> ClauseHead | None:
        """The earlier clause of the same level to which a clause with the head ``word`` belongs, or None."""
        for clause in reversed(before):
            if word == "JOIN" and clause.word in ("FROM", "UPDATE"):
                return clause
            if clause.word in SET_OPERATORS and word not in SET_OPERATORS | _AFTER_SET_OPERATION:
                return clause
            if clause.word == "CONFLICT" and word != "RETURNING":
                return clause
        return None
