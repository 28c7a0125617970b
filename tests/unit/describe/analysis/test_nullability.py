"""Operators, functions and constants, and when they are NULL."""

import pytest

from tests.harness.analysis import verdict


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT id + 1, age + 1, -age, id = age FROM users", "-nnn"),
        ("SELECT coalesce(email, name), coalesce(email, NULL), nullif(id, 1) FROM users", "-nn"),
        ("SELECT CASE WHEN age > 1 THEN id ELSE 0 END, CASE age WHEN 1 THEN id END FROM users", "-n"),
        ("SELECT age IS NULL, email IS NOT NULL, EXISTS (SELECT 1) FROM users", "---"),
        ("SELECT id IN (1, 2), id IN (1, NULL), age IN (1) FROM users", "-nn"),
        ("SELECT current_timestamp, 1.5, 'a', true, NULL", "----n"),
        ("SELECT my_own(id), upper(email), extract(year FROM current_date) FROM users", "nn-"),
        ("SELECT count(age), max(age), count(DISTINCT email) FROM users", "-n-"),
    ],
)
def test_verdicts(sql: str, expected: str) -> None:
    """An expression may be NULL if one of its operands may be, unless its operator or function has another rule."""
    assert verdict(sql) == expected
