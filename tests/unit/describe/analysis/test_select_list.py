"""The select list: one column for an item, and all columns for a star."""

import pytest

from tests.harness.analysis import verdict


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM users", "--nn"),
        ("SELECT *, id AS again FROM posts", "---n-"),
        ("SELECT p.*, u.email FROM users AS u JOIN posts AS p ON p.user_id = u.id", "---nn"),
        ("SELECT name AS a, email AS b FROM users", "-n"),
        ("SELECT count(*), 1, NULL, 'a' FROM users", "--n-"),
    ],
)
def test_verdicts(sql: str, expected: str) -> None:
    """A star stands for all columns of its sources in order, and a column that is selected twice is there twice."""
    assert verdict(sql) == expected
