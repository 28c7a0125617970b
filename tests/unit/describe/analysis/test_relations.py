"""Queries in queries: set operations, common table expressions, VALUES, sub-queries."""

import pytest

from tests.harness.analysis import verdict


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT id FROM users UNION SELECT age FROM users", "n"),
        ("SELECT id FROM users EXCEPT SELECT age FROM users", "-"),
        ("SELECT age FROM users INTERSECT SELECT id FROM users", "-"),
        ("VALUES (1, NULL), (2, 3)", "-n"),
        ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n", "-"),
        ("WITH t AS (SELECT email AS e FROM users WHERE email IS NOT NULL) SELECT e FROM t", "-"),
        ("SELECT (SELECT max(age) FROM users), (SELECT count(*) FROM users), (SELECT id FROM users LIMIT 1)", "n-n"),
    ],
)
def test_verdicts(sql: str, expected: str) -> None:
    """A column may be NULL if it may be NULL in any part, and a query as a value if it may find no row."""
    assert verdict(sql) == expected
