"""Clauses: their beginnings, and their tokens."""

from __future__ import annotations

import pytest

from pydb.sqlfile.clauses import Clauses, is_word_of_clause
from pydb.sqlfile.lexer import token_list


def clauses(sql: str, engine: str = "sqlite") -> list[str]:
    found = Clauses(token_list(sql, engine))
    return [f"{c.word}<{c.parent.word}" if c.parent else c.word for c in found.all]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "SELECT a FROM t LEFT JOIN u ON a = b WHERE c ORDER BY d LIMIT 1 OFFSET 2",
            "SELECT FROM JOIN<FROM WHERE ORDER LIMIT OFFSET",
        ),
        ("SELECT a FROM t UNION ALL SELECT b FROM u ORDER BY 1", "SELECT FROM UNION SELECT<UNION FROM<UNION ORDER"),
        (
            "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2 WHERE b RETURNING a",
            "INSERT VALUES CONFLICT SET<CONFLICT WHERE<CONFLICT RETURNING",
        ),
        ("UPDATE t SET a = 1 WHERE b", "UPDATE SET WHERE"),
        (
            "SELECT sum(a) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
            "SELECT PARTITION ORDER ROWS FROM",
        ),
        ("SELECT rows, t.limit FROM t WHERE a IS DISTINCT FROM b", "SELECT FROM WHERE"),
        ("SELECT a FROM t FOR UPDATE", "SELECT FROM FOR"),
    ],
)
def test_heads(sql: str, expected: str) -> None:
    """A clause begins at its word, unless that word is a column or a part of another word."""
    assert " ".join(clauses(sql)) == expected


def test_a_token_is_in_the_innermost_clause() -> None:
    """A token in brackets belongs to the clause around them too."""
    code = token_list("SELECT a FROM t WHERE b IN (SELECT c FROM u WHERE d)", "sqlite")
    found = Clauses(code)
    chain = [clause.word for clause in found.chain(len(code) - 2)]
    assert chain == ["WHERE", "WHERE"]
    assert [clause.level >= 0 for clause in found.chain(len(code) - 2)] == [True, False]


def test_a_column_that_is_named_like_a_clause_is_none() -> None:
    """The word is a column if nothing follows it that a clause has."""
    code = token_list("SELECT a, rows, b", "sqlite")
    assert not is_word_of_clause(code, 3)
