"""The messages of servers that can be shown."""

from __future__ import annotations

import pytest

from pydb.engines.messages import holds_no_value, words_stand_in


@pytest.mark.parametrize(
    ("message", "sql"),
    [
        ("VACUUM cannot run inside a transaction block", "VACUUM"),
        ("division by zero", "SELECT 1 / %s"),
        ("current transaction is aborted, commands ignored until end of transaction block", "SELECT 1"),
        ('column "fur" of relation "pets" does not exist', "INSERT INTO pets (fur) VALUES (%s)"),
        ("column pets.fur does not exist", "SELECT pets.fur FROM pets"),
        ("permission denied for table pets", "SELECT 1 FROM pets"),
        ("Got a packet bigger than 'max_allowed_packet' bytes", "SELECT %s /* max_allowed_packet */"),
        ("Lock wait timeout exceeded; try restarting transaction", "UPDATE t SET a = %s"),
    ],
)
def test_shown(message: str, sql: str) -> None:
    """A message is shown if its names are words of the SQL, or if it has none."""
    assert holds_no_value(message, sql)


@pytest.mark.parametrize(
    "message",
    [
        'relation "hunter" does not exist',
        'relation "pets" hunter "pets" does not exist',
        'invalid input syntax for type integer: "pets" hunter',
        "operator does not exist: hunter",
        "permission denied for schema hunter",
        "database hunter is already in use",
        "-5 kB is outside the valid range for parameter pets",
        "date field value out of range: 2024-13-01",
        "Unknown column 'hunter' in pets",
        "Unknown column 'pets''hunter' in pets",
        'index "5" out of valid range',
        'relation "pet" does not exist',
    ],
)
def test_not_shown(message: str) -> None:
    """A word in quotes, after a colon or in the place of a name, and a number, may be values."""
    assert not holds_no_value(message, "SELECT %s FROM pets")


def test_words_that_are_no_secret() -> None:
    """A word of the SQL is not a parameter's value, whatever its quotes and case."""
    assert words_stand_in(('"Users"', "id"), "SELECT ID FROM users")
    assert not words_stand_in(("users", "hunter2"), "SELECT id FROM users")
    assert not words_stand_in(("users",), None)
