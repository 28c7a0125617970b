"""The normal form of SQL texts."""

import pytest

from pydb.usage.normal_text import normal_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a\n  FROM t -- why\n;", "select a from t"),
        ('SELECT "a" FROM t', "SELECT a FROM t"),
        ("SELECT a FROM t WHERE a IN (:x)", "SELECT a FROM t WHERE a IN (1, 2, 'three')"),
        ("SELECT a FROM t WHERE a = -:x", "SELECT a FROM t WHERE a = 1"),
        ("SELECT a FROM t WHERE a = :x", "SELECT a FROM t WHERE a = NULL"),
        ("INSERT INTO t VALUES (:a, lower(:b))", "INSERT INTO t VALUES (1, lower('x')), (2, lower('y'))"),
        ("INSERT INTO t VALUES (:a), (:b) RETURNING a", "INSERT INTO t VALUES (1) RETURNING a"),
        ("SELECT f(a, :x, 2)", "SELECT f(a, 1)"),
        ("SELECT a <> b", "SELECT a != b"),
    ],
)
def test_equal(one: str, other: str) -> None:
    """Texts that a server counts as one query have the same form."""
    assert normal_text(one, "mariadb", {"!=": "<>"}) == normal_text(other, "mariadb", {"!=": "<>"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM t", "SELECT b FROM t"),
        ("SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a DESC"),
        ("SELECT a - :x FROM t", "SELECT a FROM t"),
        ("SELECT a - 1 FROM t", "SELECT a + 1 FROM t"),
        ("SELECT a, (1), (2) FROM t", "SELECT a, (1) FROM t"),
        ("INSERT INTO t VALUES (:a), (lower(:b))", "INSERT INTO t VALUES (:a)"),
    ],
)
def test_different(one: str, other: str) -> None:
    """Texts that read or write something else have another form."""
    assert normal_text(one, "postgresql") != normal_text(other, "postgresql")
