"""The nouns of a package."""

from __future__ import annotations

from pydb.generate.model import TypeSpec


def test_a_type_is_spelled_as_in_a_directive() -> None:
    """With a question mark where NULL is possible."""
    assert str(TypeSpec("int[]")) == "int[]"
    assert str(TypeSpec("app.types.Role", nullable=True)) == "app.types.Role?"
