"""What a name stands for: the innermost query that has it, and nothing where two sources have it."""

import pytest

from pydb.describe.analysis.scope import all_nullable, steps_for
from pydb.describe.analysis.value import Value
from tests.harness.analysis import verdict


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT id FROM users AS u JOIN posts AS p ON true", "n"),
        ("SELECT nowhere, email IS NULL FROM users", "n-"),
        ("SELECT (SELECT count(*) FROM posts AS p WHERE p.user_id = u.id) FROM users AS u", "-"),
        ("SELECT u.name FROM users AS u WHERE EXISTS (SELECT 1 FROM posts WHERE user_id = u.id)", "-"),
        ("SELECT x.id FROM users AS u", "n"),
    ],
)
def test_verdicts(sql: str, expected: str) -> None:
    """A name is looked up in its query, then in those around it; an unknown or ambiguous one may be NULL."""
    assert verdict(sql) == expected


def test_helpers() -> None:
    """All columns of a row that may be missing may be NULL; the steps of the walk grow with the text."""
    assert all_nullable([Value(nullable=False, type="text")]) == (Value(nullable=True, type="text"),)
    assert steps_for("x" * 1_000) - steps_for("") == 20_000


def test_a_statement_that_takes_too_many_steps() -> None:
    """Where the walk gives up nothing is known."""
    deep = "SELECT " + "(" * 3_000 + "1" + ")" * 3_000
    assert verdict(deep) is None
