"""The classes of a package's model."""

from __future__ import annotations

from pydb.generate.model import TypeSpec


def test_a_type_is_spelled_as_in_a_directive() -> None:
    """A type is written as in a directive, with a question mark if NULL is possible."""
    assert str(TypeSpec("int[]")) == "int[]"
    assert str(TypeSpec("app.types.Role", nullable=True)) == "app.types.Role?"
