"""The classes for a .sql file's contents."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pytest

from pydb.sqlfile.definition import Form, Placeholder, TypeName
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file


def form(verb: str) -> Form:
    return Form(sql="x;", file="t.sql", line=1, parts=("x",), verb=verb, returning=False)


def test_what_changes_rows() -> None:
    """A form changes rows if its main verb does."""
    assert all(form(verb).changes_rows for verb in ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"))
    assert not any(form(verb).changes_rows for verb in ("SELECT", "CREATE", "VALUES"))


def test_nouns_do_not_change() -> None:
    """They are frozen, compare by value, and can be pickled."""
    with pytest.raises(FrozenInstanceError):
        Placeholder("a").name = "b"  # type: ignore[misc]
    assert TypeName("int", nullable=True) == TypeName("int", True)
    (parsed,) = parse_file("-- name: x :many\nSELECT a FROM t WHERE b IN (:b);\n", "t.sql", "t", None)
    definition = definition_of({None: parsed})
    assert pickle.loads(pickle.dumps(definition)) == definition


def test_what_is_bound() -> None:
    """Flags and choices are parameters of a statement, but are never sent."""
    text = """-- name: x :many
-- @param hidden bool
SELECT a
FROM t
WHERE
    b = :b
    AND c = :c -- if :c
    AND d -- if not :hidden
ORDER BY
    a, -- if :by = a
    e;
"""
    (parsed,) = parse_file(text, "t.sql", "t", None)
    made = definition_of({None: parsed})
    assert made.parameters == ("b", "c", "hidden", "by")
    assert made.bound == ("b", "c")
