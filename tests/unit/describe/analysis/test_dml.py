"""INSERT, UPDATE and DELETE: the columns of RETURNING, and facts about the written row."""

import pytest

from tests.harness.analysis import verdict


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("INSERT INTO users (name) VALUES ('a') RETURNING id, name, email", "--n"),
        ("INSERT INTO users (name, email) VALUES ('a', 'b') RETURNING *", "--nn"),
        ("UPDATE users SET email = 'a' WHERE id = 1 RETURNING id, email, age", "-nn"),
        ("UPDATE users SET age = 1 WHERE email IS NOT NULL RETURNING email", "n"),
        ("UPDATE users AS u SET age = 1 FROM posts AS p WHERE p.user_id = u.id RETURNING p.title, p.score", "-n"),
        ("DELETE FROM users WHERE email IS NOT NULL RETURNING email, age", "nn"),
        ("DELETE FROM users", ""),
        ("INSERT INTO nowhere (a) VALUES (1) RETURNING a", "n"),
    ],
)
def test_verdicts(sql: str, expected: str) -> None:
    """RETURNING returns the columns of the stored row, which may be NULL if the table allows it."""
    assert verdict(sql) == expected
