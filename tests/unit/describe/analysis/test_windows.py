"""Aggregates and window functions, and the rows that they use."""

import pytest

from tests.harness.analysis import verdict


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT rank() OVER (ORDER BY id), row_number() OVER (ORDER BY id) FROM users", "--"),
        ("SELECT lag(id) OVER (ORDER BY id), lag(id, 1, 0) OVER (ORDER BY id) FROM users", "n-"),
        ("SELECT first_value(email) OVER (ORDER BY id), first_value(id) OVER (ORDER BY id) FROM users", "n-"),
        ("SELECT sum(id) OVER (ORDER BY id), max(age) OVER (ORDER BY id) FROM users", "-n"),
        ("SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM users", "n"),
        ("SELECT ntile(4) OVER (ORDER BY id), cume_dist() OVER (ORDER BY id) FROM users", "--"),
        ("SELECT sum(id) FILTER (WHERE id > 1) OVER (ORDER BY id) FROM users", "n"),
    ],
)
def test_verdicts(sql: str, expected: str) -> None:
    """A window with the current row has a row; a neighbour outside the partition is NULL unless it has a default."""
    assert verdict(sql) == expected
