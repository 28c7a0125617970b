"""Described statements in, a package's model or findings out."""

from __future__ import annotations

from dataclasses import make_dataclass, replace
from types import ModuleType

import pytest

from pydb.describe import DescribedStatement
from pydb.findings import Finding
from pydb.generate.build import Options, build
from pydb.generate.model import Package, TypeSpec
from tests.harness.described import described

OPTIONS = Options(package="app.db", sql="../../sql")
CREATE = "-- name: create :one User\n-- Make one.\nINSERT INTO users (name) VALUES (:name) RETURNING id, name, age;\n"
RENAME = "-- name: rename :affected\nUPDATE users SET name = :name WHERE id = :id;\n"
BY_ID = "-- name: by_id :maybe User\nSELECT id, name, age FROM users WHERE id = :id;\n"


def built(text: str, options: Options = OPTIONS) -> tuple[Package | None, list[Finding]]:
    """The package of one file, ``t.sql``."""
    forms: list[DescribedStatement] = []
    for one in described(text).values():
        assert isinstance(one, DescribedStatement), one.message
        forms.append(one)
    return build([[form] for form in forms], {"t": "People.\n\nMore."}, options)


def package(text: str, options: Options = OPTIONS) -> Package:
    """The package, which must be generated."""
    made, findings = built(text, options)
    assert made is not None, findings
    return made


def test_a_record_has_its_statements() -> None:
    """A record has the columns, a factory that inserts it, and a method that changes its row by its key."""
    made = package(CREATE + RENAME + BY_ID)
    (user,) = made.records
    assert user.name == "User"
    assert user.doc == "People."
    assert user.fields == (("id", TypeSpec("int")), ("name", TypeSpec("str")), ("age", TypeSpec("int", True)))
    assert [factory.name for factory in user.factories] == ["create"]
    assert [(method.name, method.key) for method in user.methods] == [("rename", frozenset({"id"}))]


def test_a_file_is_a_module() -> None:
    """Each statement is a function of the module, in the order of the file."""
    (module,) = package(CREATE + RENAME + BY_ID).modules
    assert (module.parts, module.doc) == (("t",), "People.\n\nMore.")
    assert [function.name for function in module.functions] == ["create", "rename", "by_id"]
    create = module.functions[0]
    assert (create.statement, create.doc) == ("t.create", "Make one.")
    assert create.parameters == (("name", TypeSpec("str")),)


def test_a_column_is_null_where_one_statement_says_so() -> None:
    """A field may be None if the column may be NULL in one of the record's statements."""
    text = "-- name: a :many Row\nSELECT id AS one FROM users;\n-- name: b :many Row\nSELECT age AS one FROM users;\n"
    assert package(text).records[0].fields == (("one", TypeSpec("int", True)),)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (
            "-- name: a :many Row\nSELECT id AS x FROM users;\n-- name: b :many Row\nSELECT name AS x FROM users;\n",
            ["G102"],
        ),
        ("-- name: a :many Row\nSELECT id FROM users;\n-- name: b :many Row\nSELECT name FROM users;\n", ["G103"]),
        ("-- name: a :many Row\nSELECT id AS class FROM users;\n", ["G104"]),
        ("-- name: a :exec\nDELETE FROM users WHERE id = :_id;\n", ["G104"]),
        ("-- name: a :exec\n-- @param id Role\nDELETE FROM users WHERE id = :id;\n", ["G101"]),
        ("-- name: a :exec\n-- @param id app.types.Role\nDELETE FROM users WHERE id = :id;\n", ["G108"]),
        ("-- name: a :many SQL\nSELECT id FROM users;\n", ["G104"]),
    ],
)
def test_findings(text: str, codes: list[str]) -> None:
    """A type or name that is unknown or invalid is a finding at its statement, and there is no package."""
    made, findings = built(text)
    assert made is None
    assert [finding.code for finding in findings] == codes
    assert {finding.file for finding in findings} == {"t.sql"}


def test_what_cannot_be_told_is_any() -> None:
    """A type that no engine reports is Any, with a note; with ``any`` in a directive there is no note."""
    made, findings = built("-- name: a :many Row\nSELECT :x AS what;\n")
    assert made is not None
    (record,), (module,) = made.records, made.modules
    assert record.fields == (("what", TypeSpec("any", nullable=True)),)
    assert module.functions[0].parameters == (("x", TypeSpec("any")),)
    assert [(finding.code, finding.level) for finding in findings] == [("G101", "note")] * 2
    assert [finding.hint for finding in findings] == [
        "add -- @param x <type>, or any",
        "add -- @column what <type>, or any",
    ]
    assert built("-- name: a :many Row\n-- @param x any\n-- @column what any\nSELECT :x AS what;\n")[1] == []


def test_what_is_found_goes_into_the_table() -> None:
    """The table has types of parameters, and of columns without a record, that no directive declares, except Any."""
    schema = "CREATE TABLE days (day date NOT NULL, n)"
    sql = "-- name: a :many scalar\nSELECT day FROM days WHERE day > :day;\n"
    sql += "-- name: b :many\n-- @column day any\nSELECT day, n FROM days LIMIT :n;\n"
    made, _ = build([[form] for form in described(sql, schema).values()], {}, OPTIONS)  # type: ignore[list-item]
    assert made is not None
    found = [function.found for function in made.modules[0].functions]
    assert found[0] == {"parameters": {"day": TypeSpec("date")}, "columns": {"day": TypeSpec("date")}}
    assert found[1] == {"parameters": {"n": TypeSpec("int")}, "columns": {}}


NESTED = """\
-- name: with_posts :many UserWithPosts
-- @group posts Post
-- @embed posts.author Name
SELECT u.id, u.age, p.id AS posts__id, p.title AS posts__title, a.id AS posts__author__id, a.name AS posts__author__name
FROM users AS u
LEFT OUTER JOIN posts AS p ON p.user_id = u.id
LEFT OUTER JOIN users AS a ON a.id = p.user_id;
"""
JSON = """\
-- name: with_json :many WithJson
-- @group posts Post json
SELECT u.id, (SELECT json_group_array(json_object('id', p.id)) FROM posts AS p) AS posts FROM users AS u;
"""
POSTS = "-- name: posts :many Post\nSELECT id FROM posts;\n"


def test_levels_become_records() -> None:
    """Each joined level is a record whose columns are nullable as if it exists, and its parent has a field for it."""
    made = {record.name: record.fields for record in package(NESTED).records}
    assert made == {
        "Name": (("id", TypeSpec("int")), ("name", TypeSpec("str"))),
        "Post": (
            ("id", TypeSpec("int")),
            ("title", TypeSpec("str", nullable=True)),
            ("author", TypeSpec("Name", nullable=True, shape="record")),
        ),
        "UserWithPosts": (
            ("id", TypeSpec("int")),
            ("age", TypeSpec("int", nullable=True)),
            ("posts", TypeSpec("Post", shape="tuple")),
        ),
    }


def test_a_level_shares_its_record() -> None:
    """A record that a statement returns can also be that of a level with the same columns, and of a json level."""
    made = {record.name: record.fields for record in package(POSTS + JSON).records}
    assert made == {
        "Post": (("id", TypeSpec("int")),),
        "WithJson": (("id", TypeSpec("int")), ("posts", TypeSpec("Post", shape="tuple"))),
    }
    _, findings = built(POSTS + NESTED)
    assert [finding.code for finding in findings] == ["G103"]


def test_the_record_of_a_json_level_is_made_elsewhere() -> None:
    """A record that only a json level names is refused, unless the application defines it."""
    _, findings = built(JSON)
    assert [(finding.code, finding.message) for finding in findings] == [
        ("G109", "Post is the record of a json level, but its fields are unknown")
    ]


def test_a_level_and_a_column_are_not_one_field() -> None:
    """A field that is a level in one statement and a column in another one is refused."""
    text = "-- name: flat :many WithJson\nSELECT id, age AS posts FROM users;\n"
    _, findings = built(POSTS + JSON + text)
    assert "posts is not the same level of nested rows in all statements of the record" in [
        finding.message for finding in findings
    ]


def test_the_record_of_a_json_level_may_be_the_application_s() -> None:
    """The record is imported for the queries, which need it to load."""
    by_hand = ModuleType("app_records")
    made = make_dataclass("Post", [("id", int)], frozen=True, namespace={"__module__": "app_records"})
    setattr(by_hand, "Post", made)  # noqa: B010  # a module that has it only here
    found = {record.name: record.by_hand_in for record in package(JSON, replace(OPTIONS, by_hand=by_hand)).records}
    assert found == {"Post": "app_records", "WithJson": None}
