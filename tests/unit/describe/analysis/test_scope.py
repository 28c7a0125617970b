"""The meaning of a name: the innermost query that has it; none if two sources have it."""

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
    """A name is searched in its query and then in the outer queries; an unknown or ambiguous one may be NULL."""
    assert verdict(sql) == expected


def test_helpers() -> None:
    """All columns of a row that may be missing may be NULL; the number of steps grows with the text."""
    assert all_nullable([Value(nullable=False, type="text")]) == (Value(nullable=True, type="text"),)
    assert steps_for("x" * 1_000) - steps_for("") == 20_000


def test_a_statement_that_takes_too_many_steps() -> None:
    """If the analysis takes too many steps, nothing is known."""
    deep = "SELECT " + "(" * 3_000 + "1" + ")" * 3_000
    assert verdict(deep) is None
