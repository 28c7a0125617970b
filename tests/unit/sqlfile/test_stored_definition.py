"""Definitions are written as bytes and read back."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import read
from pydb.sqlfile.stored_definition import StoredDefinition
from pydb.sqlfile.stored_nouns import stored
from tests.harness.sql_folders import write

EVERYTHING = """\
-- name: find :many Person
-- Some people,
-- by what is known of them.
-- @param age int?
-- @column born_on date
SELECT id, born_on
FROM people
WHERE id IN (:ids)
  AND age = :age  -- if :age given
ORDER BY id;

-- name: put :batch
INSERT INTO people (id, "from") VALUES (:id, :from) ON CONFLICT (id) DO UPDATE SET "from" = excluded."from";

-- name: with_pets :many Person
-- @group pets Pet
SELECT p.id, t.id AS pets__id, t.name AS pets__name
FROM people AS p
LEFT JOIN pets AS t ON t.owner = p.id
ORDER BY p.id, t.id;
"""
OVERLAY = "-- name: put :batch\nREPLACE INTO people (id, `from`) VALUES (:id, :from);\n"


@pytest.fixture
def definitions(sql: Path) -> tuple[Definition, ...]:
    """Definitions with lists, optional lines, row templates, nested rows and overlays."""
    write(sql, {"people.sql": EVERYTHING, "mariadb/people.sql": OVERLAY})
    return read("sql")


def restored(definition: Definition) -> StoredDefinition:
    return StoredDefinition.of(definition.name, bool(definition.optional), stored(definition))


def test_the_same_definition_comes_back(definitions: tuple[Definition, ...]) -> None:
    """The result is equal in both directions, in every field and in its text."""
    find, put, with_pets = definitions
    assert find.optional
    assert find.sequences
    assert put.forms["sqlite"].row_template
    assert with_pets.nesting
    for definition in definitions:
        assert restored(definition) == definition
        assert definition == restored(definition)
        assert restored(definition) == restored(definition)
        # The items of a set may have another order.
        assert sorted(repr(restored(definition))) == sorted(repr(definition))
        assert restored(definition).forms == definition.forms
        assert restored(definition).nesting == definition.nesting
        assert restored(definition).row_word is definition.row_word


def test_what_differs_is_not_equal(definitions: tuple[Definition, ...]) -> None:
    """A definition with another field, and an object of another class, are not equal to the stored one."""
    for definition in definitions:
        assert restored(definition) != replace(definition, doc="Another.")
        assert replace(definition, doc="Another.") != restored(definition)
        assert restored(definition) != definition.name


def test_it_can_be_used_as_a_definition(definitions: tuple[Definition, ...]) -> None:
    """It pickles as a Definition, can be replaced, and has no other attributes."""
    for definition in definitions:
        copy = pickle.loads(pickle.dumps(restored(definition)))
        assert (type(copy), copy) == (Definition, definition)
        assert replace(restored(definition), doc="Another.") == replace(definition, doc="Another.")
        with pytest.raises(AttributeError):
            restored(definition).nothing  # noqa: B018


def test_nothing_is_decoded_before_it_is_asked_for(definitions: tuple[Definition, ...]) -> None:
    """The name, and that there are no optional lines, are known without decoding the bytes."""
    unreadable = StoredDefinition.of("people.find", False, b"")
    assert (unreadable.name, unreadable.optional) == ("people.find", {})
    with pytest.raises(EOFError):
        unreadable.doc  # noqa: B018


def test_engines_that_share_a_form_share_it_again(definitions: tuple[Definition, ...]) -> None:
    """A form of several engines is one object again."""
    find = restored(definitions[0])
    assert find.forms["sqlite"] is find.forms["postgresql"]
