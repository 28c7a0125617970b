"""pydb's own rules."""

from __future__ import annotations

import pytest

from pydb.lint.own_rules import HINTS, LINES, STAR, UNBOUND, own_violations
from pydb.sqlfile.lexer import tokenize


def found(sql: str, documentation: str = "") -> list[str]:
    return [code for code, _, _ in own_violations(tokenize(sql, "sqlite"), documentation)]


@pytest.mark.parametrize("sql", ["SELECT * FROM t", "SELECT a.* FROM a", "DELETE FROM t WHERE a = 1 RETURNING *"])
def test_stars(sql: str) -> None:
    """A star that means columns is found."""
    assert found(sql) == [STAR]


@pytest.mark.parametrize("sql", ["SELECT count(*) FROM t", "SELECT a * b FROM t", "SELECT '*' FROM t -- *"])
def test_other_stars(sql: str) -> None:
    """A multiplication, count(*), strings and comments are not reported."""
    assert found(sql) == []


def test_every_row() -> None:
    """UPDATE and DELETE without WHERE are found, also in a common table expression, unless a reason is given."""
    assert found("UPDATE t SET a = 1") == found("DELETE FROM t") == [UNBOUND]
    assert found("WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x WHERE a = 1") == [UNBOUND]
    assert found("DELETE FROM t WHERE a = 1") == []
    assert found("DELETE FROM t -- No WHERE: the table is emptied") == []
    assert found("DELETE FROM t", "No WHERE: the table is emptied") == []
    assert set(HINTS) == {LINES, STAR, UNBOUND}
