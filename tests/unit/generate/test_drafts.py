"""The fields that columns become in a record."""

from __future__ import annotations

import pytest

from pydb.generate.drafts import Column
from pydb.generate.model import TypeSpec
from pydb.sqlfile.nested import Level


@pytest.mark.parametrize(
    ("column", "spec"),
    [
        (Column(("int", "bool"), nullable=True, said=None), TypeSpec("int", nullable=True)),
        (Column(("int",), nullable=False, said="bool"), TypeSpec("bool")),
        (Column((), nullable=False, said=None), TypeSpec("any")),
        (
            Column((), nullable=False, said=None, level=Level("posts", "Post", many=True)),
            TypeSpec("Post", shape="tuple"),
        ),
        (
            Column((), nullable=True, said=None, level=Level("author", "Name", many=False)),
            TypeSpec("Name", nullable=True, shape="record"),
        ),
    ],
)
def test_specs(column: Column, spec: TypeSpec) -> None:
    """A field has the declared or the most likely type of its column; a level is its record, or a tuple of records."""
    assert column.spec == spec
