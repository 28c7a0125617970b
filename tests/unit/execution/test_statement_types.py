"""The table of types, and the part of it for one statement."""

from __future__ import annotations

from pydb.execution.statement_types import NO_TYPES, types_of
from pydb.sqlfile.definition import TypeName


def test_the_types_of_a_statement() -> None:
    """A question mark means that NULL is possible; a missing part means no types."""
    found = types_of({"t.x": {"parameters": {"a": "int?[]?", "b": "str"}}}, "t.x")
    assert found.parameters == {"a": TypeName("int?[]", nullable=True), "b": TypeName("str")}
    assert found.columns == {}


def test_a_statement_without_types() -> None:
    """A statement that is not in the table, or a missing table, has no types."""
    assert types_of({"t.x": {}}, "t.y") is NO_TYPES
    assert types_of(None, "t.x") is NO_TYPES
