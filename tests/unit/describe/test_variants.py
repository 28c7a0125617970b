"""Statements with optional lines: the types of every call, and the variant of a mistake."""

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
    """The title is NOT NULL with its condition, and without the condition it may be NULL."""
    found = statement(FILTERED)
    assert {key: one.columns[1].nullable for key, one in found.variants.items() if key in ("", "titled")} == {
        "": True,
        "titled": False,
    }
    assert [column.nullable for column in found.columns] == [False, True]


def test_each_name_has_a_type() -> None:
    """A value has the type of the variants that bind it; a flag and a choice are not sent."""
    found = statement(FILTERED)
    words = {name: parameter.word for name, parameter in found.parameters.items()}
    assert words == {"titled": "bool", "age": "int", "names": "str", "order": "str"}
    assert found.parameters["names"].sequence
    assert not any(parameter.nullable for parameter in found.parameters.values())


def test_a_parameter_of_an_alternative_has_a_type() -> None:
    """A line that is a comment in the file has parameters too."""
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
    """None is in the type if "is null" tests it, or if a passed None is used where NULL is expected."""
    found = statement(f"SELECT id FROM users\nWHERE\n    TRUE\n    {line}\n;")
    assert found.parameters["age"].nullable is nullable


@pytest.mark.parametrize(("mark", "nullable"), [(":x", False), (":x given", True)])
def test_a_value_that_is_never_none(mark: str, nullable: bool) -> None:
    """A column from a value is NOT NULL if its line is included only for values that are not None."""
    found = statement(f"-- @param x int?\nSELECT\n    id,\n    :x AS a -- if {mark}\nFROM users;")
    assert [column.nullable for column in found.variants["x"].columns] == [False, nullable]


def test_what_a_patch_takes() -> None:
    """None is in the type of a value if the column may be NULL."""
    found = statement(PATCH, "x :affected")
    assert {name: parameter.nullable for name, parameter in found.parameters.items()} == {
        "name": False,
        "age": True,
        "id": False,
    }


def test_a_refusal_names_its_line_and_a_variant() -> None:
    """A refusal is reported once, at its line in the file, with the first variant that has it."""
    sql = "SELECT id\nFROM users\nWHERE\n    TRUE\n    AND nosuch = :a -- if :a\n    AND age = :age -- if :age\n;"
    refusal = described(f"-- name: x :many\n{sql}\n")["x"]
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.shown_by, refusal.others) == (6, "a", ())
    assert "nosuch" in refusal.message


def test_two_refusals() -> None:
    """Two wrong lines are two refusals; a refusal of all variants names none."""
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
    """Variants may have different columns, by name or by type."""
    assert statement("-- @param by_age bool\nSELECT\n    age, -- if :by_age\n    id\nFROM users;").uneven
    assert statement("SELECT\n    id AS a -- if :by = id\n    -- name AS a -- if :by = name\nFROM users;").uneven
    assert statement("SELECT\n    id AS a -- if :by = id\n    -- id * 1.5 AS a -- if :by = more\nFROM users;").uneven
    assert not statement(FILTERED).uneven


def test_what_is_known_of_uneven_columns() -> None:
    """All columns are known by name; a column with several types has no known type."""
    found = statement("-- @param by_age bool\nSELECT\n    age, -- if :by_age\n    id\nFROM users;")
    assert [(column.name, column.words[0], column.nullable) for column in found.columns] == [
        ("id", "int", False),
        ("age", "int", True),
    ]
    found = statement("SELECT\n    id AS a -- if :by = id\n    -- name AS a -- if :by = name\nFROM users;")
    assert [(column.name, column.words) for column in found.columns] == [("a", ())]


def test_how_a_variant_is_named() -> None:
    """A variant is named by the parameters of its call."""
    assert with_variant("a,order=id") == "with a,order=id"
    assert with_variant("") == "with all optional lines left out"
