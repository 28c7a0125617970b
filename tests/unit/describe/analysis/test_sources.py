"""The items of FROM (tables, joins, sub-queries), and the effect of WHERE on them."""

import pytest

from tests.harness.analysis import verdict


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT u.id FROM users AS u, posts AS p", "-"),
        ("SELECT p.* FROM users AS u LEFT JOIN posts AS p ON p.user_id = u.id", "nnnn"),
        ("SELECT p.title FROM users u LEFT JOIN posts p ON p.user_id = u.id AND p.score > 1 WHERE p.title = 'x'", "-"),
        ("SELECT t.email FROM (SELECT email FROM users WHERE email IS NOT NULL) AS t", "-"),
        ("SELECT u.id FROM users AS u JOIN posts AS p USING (id)", "-"),
    ],
)
def test_verdicts(sql: str, expected: str) -> None:
    """An outer join may replace a row by NULLs, and a condition that is not true for NULL excludes that."""
    assert verdict(sql) == expected
