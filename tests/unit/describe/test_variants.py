"""Statements with optional lines: what is said of every call, and which variant shows what is wrong."""

from __future__ import annotations

import pytest

from pydb.describe import Refusal
from pydb.describe.variants import with_variant
from tests.harness.described import described, statement

FILTERED = """\
-- @param titled bool
SELECT u.id, p.title
FROM users AS u
LEFT OUTER JOIN posts AS p ON u.id = p.user_id
WHERE
    TRUE
    AND p.title IS NOT NULL -- if :titled
    AND u.age >= :age -- if :age
    AND u.name IN (:names) -- if :names
ORDER BY
    u.id DESC -- if :order = newest
    -- u.name, u.id -- if :order = name
;"""

PATCH = """\
UPDATE users
SET
    name = :name, -- if :name given
    age = :age -- if :age given
WHERE id = :id;"""


def test_a_column_may_be_null_where_it_may_be_in_a_variant() -> None:
    """The title is NOT NULL with its condition, and without it it may be NULL."""
    found = statement(FILTERED)
    assert {key: one.columns[1].nullable for key, one in found.variants.items() if key in ("", "titled")} == {
        "": True,
        "titled": False,
    }
    assert [column.nullable for column in found.columns] == [False, True]


def test_each_name_has_a_type() -> None:
    """A value has that of the variants which bind it; a flag and a choice are not sent."""
    found = statement(FILTERED)
    words = {name: parameter.word for name, parameter in found.parameters.items()}
    assert words == {"titled": "bool", "age": "int", "names": "str", "order": "str"}
    assert found.parameters["names"].sequence
    assert not any(parameter.nullable for parameter in found.parameters.values())


def test_a_parameter_of_an_alternative_has_a_type() -> None:
    """A line that is a comment in the file binds as well."""
    found = statement(
        "SELECT id FROM users\nWHERE\n    id = :id -- if :by = id\n    -- name = :name -- if :by = name\n;"
    )
    assert found.parameters["name"].word == "str"


@pytest.mark.parametrize(
    ("line", "nullable"),
    [
        ("AND age = :age -- if :age", False),
        ("AND name = :age -- if :age given", False),
        ("AND age = coalesce(:age, age) -- if :age given", True),
        ("AND age = :age -- if :age\n    AND age IS NULL -- if :age is null", True),
    ],
)
def test_whether_none_is_in_the_type(line: str, nullable: bool) -> None:
    """Where it is looked for by "is null", else where a None that counts meets a place that expects NULL."""
    found = statement(f"SELECT id FROM users\nWHERE\n    TRUE\n    {line}\n;")
    assert found.parameters["age"].nullable is nullable


@pytest.mark.parametrize(("mark", "nullable"), [(":x", False), (":x given", True)])
def test_a_value_that_is_never_none(mark: str, nullable: bool) -> None:
    """What is made of a value is NOT NULL where its line is there only if it is not None."""
    found = statement(f"-- @param x int?\nSELECT\n    id,\n    :x AS a -- if {mark}\nFROM users;")
    assert [column.nullable for column in found.variants["x"].columns] == [False, nullable]


def test_what_a_patch_takes() -> None:
    """None is in the type of a value where the column takes NULL."""
    found = statement(PATCH, "x :affected")
    assert {name: parameter.nullable for name, parameter in found.parameters.items()} == {
        "name": False,
        "age": True,
        "id": False,
    }


def test_a_refusal_names_its_line_and_a_variant() -> None:
    """What an engine refuses is said once, at its line in the file, with the first variant that shows it."""
    sql = "SELECT id\nFROM users\nWHERE\n    TRUE\n    AND nosuch = :a -- if :a\n    AND age = :age -- if :age\n;"
    refusal = described(f"-- name: x :many\n{sql}\n")["x"]
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.shown_by, refusal.others) == (6, "a", ())
    assert "nosuch" in refusal.message


def test_two_refusals() -> None:
    """Two lines that are wrong are two refusals; what all variants show names none."""
    sql = "SELECT id\nFROM users\nWHERE\n    TRUE\n    AND one = :a -- if :a\n    AND two = :b -- if :b\n;"
    refusal = described(f"-- name: x :many\n{sql}\n")["x"]
    assert isinstance(refusal, Refusal)
    assert [(one.line, one.shown_by) for one in (refusal, *refusal.others)] == [(7, "b"), (6, "a")]
    refusal = described("-- name: x :many\nSELECT nosuch\nFROM users\nWHERE\n    TRUE\n    AND age = :a -- if :a\n;\n")[
        "x"
    ]
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.shown_by) == (2, None)


def test_an_alternative_that_is_refused() -> None:
    """The line of a refusal is that of the alternative."""
    sql = "SELECT id\nFROM users\nORDER BY\n    id -- if :order = id\n    -- nosuch -- if :order = other\n;"
    refusal = described(f"-- name: x :many\n{sql}\n")["x"]
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.shown_by) == (6, "order=other")


def test_uneven_columns() -> None:
    """Variants may give different columns, by name or by type."""
    assert statement("-- @param by_age bool\nSELECT\n    age, -- if :by_age\n    id\nFROM users;").uneven
    assert statement("SELECT\n    id AS a -- if :by = id\n    -- name AS a -- if :by = name\nFROM users;").uneven
    assert statement("SELECT\n    id AS a -- if :by = id\n    -- id * 1.5 AS a -- if :by = more\nFROM users;").uneven
    assert not statement(FILTERED).uneven


def test_what_is_known_of_uneven_columns() -> None:
    """All of them, by name; the type of one that is of several types is not known."""
    found = statement("-- @param by_age bool\nSELECT\n    age, -- if :by_age\n    id\nFROM users;")
    assert [(column.name, column.words[0], column.nullable) for column in found.columns] == [
        ("id", "int", False),
        ("age", "int", True),
    ]
    found = statement("SELECT\n    id AS a -- if :by = id\n    -- name AS a -- if :by = name\nFROM users;")
    assert [(column.name, column.words) for column in found.columns] == [("a", ())]


def test_how_a_variant_is_named() -> None:
    """By what calls it."""
    assert with_variant("a,order=id") == "with a,order=id"
    assert with_variant("") == "with all optional lines left out"
