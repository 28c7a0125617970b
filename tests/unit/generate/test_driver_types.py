"""What a driver gives where no record converts."""

from __future__ import annotations

import pytest

from pydb.generate.driver_types import native_type


@pytest.mark.parametrize(
    ("words", "engine", "word"),
    [
        (("int", "bool"), "sqlite", "int"),
        (("Decimal",), "sqlite", None),
        (("Decimal",), "postgresql", "Decimal"),
        (("Decimal",), "mariadb", "Decimal"),
        (("UUID",), "postgresql", "UUID"),
        (("UUID",), "mariadb", None),
        (("date",), "sqlite", None),
        ((), "sqlite", None),
    ],
)
def test_native_types(words: tuple[str, ...], engine: str, word: str | None) -> None:
    """The likeliest word, where that engine's driver makes such values; else None."""
    assert native_type(words, engine) == word
