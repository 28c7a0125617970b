"""The table of types: what one statement has of it."""

from __future__ import annotations

from pydb.execution.statement_types import NO_TYPES, types_of
from pydb.sqlfile.definition import TypeName


def test_the_types_of_a_statement() -> None:
    """A question mark says that NULL is possible; a part that is not there has no types."""
    found = types_of({"t.x": {"parameters": {"a": "int?[]?", "b": "str"}}}, "t.x")
    assert found.parameters == {"a": TypeName("int?[]", nullable=True), "b": TypeName("str")}
    assert found.columns == {}


def test_a_statement_without_types() -> None:
    """One that the table does not have, or no table, is without types."""
    assert types_of({"t.x": {}}, "t.y") is NO_TYPES
    assert types_of(None, "t.x") is NO_TYPES
