"""Headers, documentation and directives: their contents, and every mistake in them."""

from __future__ import annotations

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.definition import TypeName
from pydb.sqlfile.parser import Parsed, parse_file

FORMAT = "write it as -- name: <name> :<rows> [<Record> | scalar]"
ROW_WORDS = "one of :one :maybe :many :stream :affected :exec :batch"
NAMES = "use ASCII letters, digits and _, and do not start with a digit"
RECORDS = "a record name is CapWords, like User; or write scalar"
NOT_ONE = "this looks like a header but is not one: "

# The header line, the name in the error, its message and its hint.
HEADERS: list[tuple[str, str, str, str]] = [
    ("-- name:", "", f"{NOT_ONE}-- name:", FORMAT),
    ("-- name: ", "", "the header has no name", FORMAT),
    ("-- name:x :one", "", f"{NOT_ONE}-- name:x :one", FORMAT),
    ("--name: x :one", "", f"{NOT_ONE}--name: x :one", FORMAT),
    ("-- Name: x :one", "", f"{NOT_ONE}-- Name: x :one", FORMAT),
    ("-- name : x :one", "", f"{NOT_ONE}-- name : x :one", FORMAT),
    ("-- name x", "", f"{NOT_ONE}-- name x", FORMAT),
    ("-- name x :one User", "", f"{NOT_ONE}-- name x :one User", FORMAT),
    ("-- nmae: x :one", "", f"{NOT_ONE}-- nmae: x :one", FORMAT),
    ("-- :name x :one", "", f"{NOT_ONE}-- :name x :one", FORMAT),
    ("# name: x :one", "", f"{NOT_ONE}# name: x :one", FORMAT),
    ("/* name: x :one */", "", f"{NOT_ONE}/* name: x :one */", FORMAT),
    ("  -- name: x :one", "", "the header is indented", "start it at the beginning of the line"),
    ("-- name: x:one", "", "no space between name and row word: x:one", "write x :one"),
    ("-- name: x^ :one", "", '"x^" cannot be a statement name', NAMES),
    ("-- name: 1st :one", "", '"1st" cannot be a statement name', NAMES),
    ("-- name: naïve :one", "", '"naïve" cannot be a statement name', NAMES),
    ("-- name: x-y :one", "", '"x-y" cannot be a statement name', NAMES),
    (
        "-- name: import :one",
        "",
        '"import" is a Python keyword, so it cannot be a statement name',
        "for example import_",
    ),
    (
        "-- name: _x :one",
        "",
        '"_x" starts with an underscore, so it cannot be a public function',
        "start it with a letter",
    ),
    (
        "-- name: __init__ :one",
        "",
        '"__init__" starts with an underscore, so it cannot be a public function',
        "start it with a letter",
    ),
    ("-- name: x", "t.x: ", "the header has no row word", ROW_WORDS),
    ("-- name: x one", "t.x: ", "the row word one has no colon", "write :one"),
    ("-- name: x User :one", "t.x: ", "a row word must follow the name, not User", ROW_WORDS),
    ("-- name: x :lots", "t.x: ", "unknown row word :lots", ROW_WORDS),
    ("-- name: x :mayb User", "t.x: ", "unknown row word :mayb", f"did you mean :maybe? {ROW_WORDS}"),
    ("-- name: x :One", "t.x: ", "unknown row word :One", f"did you mean :one? {ROW_WORDS}"),
    ("-- name: x :one user", "t.x: ", "user is not a record name", RECORDS),
    ("-- name: x :one blog.Post", "t.x: ", "blog.Post is not a record name", RECORDS),
    ("-- name: x :one None", "t.x: ", "None is not a record name", RECORDS),
    ("-- name: x :one scaler", "t.x: ", "scaler is not a record name", "did you mean scalar?"),
    ("-- name: x :one Scalar", "t.x: ", "Scalar is not a record name", "did you mean scalar?"),
    ("-- name: x :one User Post", "t.x: ", "the header has extra words: Post", FORMAT),
]

TYPES = (
    "int float str bool bytes bytearray memoryview Decimal date time datetime AwareDatetime timedelta UUID json "
    "dict list IPAddress IPNetwork IPv4Address IPv6Address IPv4Interface IPv6Interface IPv4Network IPv6Network any"
)

# The line below the header of a statement with the parameters :id and :email, the message and the hint.
DIRECTIVES: list[tuple[str, str, str]] = [
    ("-- @parm id int", "unknown directive @parm", "did you mean @param?"),
    ("-- @Column id int", "unknown directive @Column", "did you mean @column?"),
    ("-- @returns int", "unknown directive @returns", "the directives are @param @column @group @embed @key"),
    ("-- @", "unknown directive @", "the directives are @param @column @group @embed @key"),
    ("-- @param", "malformed directive: -- @param", "write it as -- @param <name> <type>[?]"),
    ("-- @param id", "malformed directive: -- @param id", "write it as -- @param <name> <type>[?]"),
    ("-- @column id", "malformed directive: -- @column id", "write it as -- @column <name> <type>[?]"),
    ("-- @param :id int", "malformed directive: -- @param :id int", "write it as -- @param <name> <type>[?]"),
    ("-- @param id int ?", "malformed directive: -- @param id int ?", "write it as -- @param <name> <type>[?]"),
    (
        "-- @param id int the key",
        "malformed directive: -- @param id int the key",
        "write it as -- @param <name> <type>[?]",
    ),
    ("--@param id int", "malformed directive: --@param id int", "write it as -- @param <name> <type>[?]"),
    ("-- @param name str", "@param name does not name a parameter of the statement", "remove the line"),
    ("-- @param emial str", "@param emial does not name a parameter of the statement", "did you mean :email?"),
    ("-- @param id integer", "unknown type integer", "did you mean int?"),
    ("-- @param id uuid", "unknown type uuid", "did you mean UUID?"),
    ("-- @param id decimal", "unknown type decimal", "did you mean Decimal?"),
    ("-- @param id varchar", "unknown type varchar", f"one of {TYPES}, or the name of an Enum"),
    (
        "-- @param id app.class.Role",
        "class in the type app.class.Role cannot be imported",
        "write it as app.types.Role",
    ),
    ("-- @param id app.None", "None in the type app.None cannot be imported", "write it as app.types.Role"),
    ("-- @param id app.bª.Role", "bª in the type app.bª.Role cannot be imported", "write it as app.types.Role"),
    (
        "-- @param id __main__.Role",
        "__main__ in the type __main__.Role cannot be imported",
        "write it as app.types.Role",
    ),
    ("-- @param id int\n-- @param id str", "@param id is given twice", "keep one of the lines"),
    ("-- @plan index", "the directive @plan is not supported yet", "remove the line"),
]


def parse(text: str) -> Parsed:
    (parsed,) = parse_file(text, "t.sql", "t", None)
    return parsed


@pytest.mark.parametrize(("line", "name", "message", "hint"), HEADERS, ids=[case[0].strip() for case in HEADERS])
def test_malformed_header(line: str, name: str, message: str, hint: str) -> None:
    """A malformed header is refused with its line, and is never read as prose."""
    with pytest.raises(SqlFileError) as caught:
        parse(f"-- What is in here.\n\n{line}\nSELECT 1;\n")
    assert str(caught.value).split("\n")[0] == f"t.sql:3: {name}{message}    hint: {hint}"


@pytest.mark.parametrize(("lines", "message", "hint"), DIRECTIVES, ids=[case[0] for case in DIRECTIVES])
def test_malformed_directive(lines: str, message: str, hint: str) -> None:
    """A malformed directive is refused with its line, and is never read as prose."""
    with pytest.raises(SqlFileError) as caught:
        parse(f"-- name: x :many\n-- What it does.\n{lines}\nSELECT 1 WHERE :id = :email;\n")
    line = 3 + lines.count("\n")
    assert str(caught.value).split("\n")[0] == f"t.sql:{line}: t.x: {message}    hint: {hint}"


@pytest.mark.parametrize(
    ("text", "line", "name", "message"),
    [
        ("-- @param a int\n-- name: x :many\nSELECT :a;\n", 1, "", "there is a directive before the first header"),
        (
            "-- name: x :many\n\n-- @param a int\nSELECT :a;\n",
            3,
            "t.x: ",
            "a directive must be directly under the header",
        ),
        (
            "-- name: x :many\nSELECT\n-- @param a int\n:a;\n",
            3,
            "t.x: ",
            "a directive must be directly under the header",
        ),
        (
            "-- name: x :many\nSELECT :a; -- @column a int\n",
            2,
            "t.x: ",
            "a directive must be directly under the header",
        ),
        (
            "-- name: x :many\nSELECT :a /* @param a int */;\n",
            2,
            "t.x: ",
            "a directive must be directly under the header",
        ),
        (
            "-- name: x :many\nSELECT :a;\n-- @param a int\n",
            3,
            "t.x: ",
            "a directive must be directly under the header",
        ),
    ],
    ids=["before the header", "after a blank line", "in the SQL", "after the SQL", "in a block", "under the SQL"],
)
def test_directive_in_the_wrong_place(text: str, line: int, name: str, message: str) -> None:
    """A directive in another place than below its header is refused."""
    with pytest.raises(SqlFileError) as caught:
        parse(text)
    hint = "move it under the header" if not name else "move it there"
    assert str(caught.value).split("\n")[0] == f"t.sql:{line}: {name}{message}    hint: {hint}"


@pytest.mark.parametrize("rows", ["exec", "affected", "batch"])
def test_column_without_rows(rows: str) -> None:
    """A type for a column of a statement without rows is refused."""
    with pytest.raises(SqlFileError) as caught:
        parse(f"-- name: x :{rows}\n-- @column a int\nUPDATE t SET a = :a;\n")
    assert str(caught.value).split("\n")[0] == (
        f"t.sql:2: t.x: @column on a statement that returns no rows (:{rows})    hint: remove the line"
    )


@pytest.mark.parametrize(
    "line",
    [
        "-- name is unique per tenant",
        "-- The name: as the user wrote it.",
        "-- Names are compared without case.",
        "-- note: returns :one row",
        "-- names",
        "-- Name lookup",
        "-- naming: see the style guide",
    ],
)
def test_prose_is_no_header(line: str) -> None:
    """A comment that mentions names is documentation."""
    assert parse(f"-- name: x :one\n{line}\nSELECT 1;\n").notes.doc == line.removeprefix("-- ")


def test_header_parts() -> None:
    """A header gives the full name, the row word and the record without their marks."""
    assert parse("-- name: by_id :maybe User\nSELECT 1;").header == ("t.by_id", "maybe", "User")
    assert parse("-- name: count  :one\tscalar  \nSELECT 1;").header == ("t.count", "one", "scalar")
    assert parse("-- name: match :exec\nSELECT 1;").header == ("t.match", "exec", None)


def test_documentation() -> None:
    """The comment lines directly below the header are the documentation, with paragraphs and indentation."""
    lines = [
        "-- First.",
        "--",
        "--   indented",
        "-- @param a int",
        "-- Last: isn't :a.",
        "",
        "-- not doc",
        "SELECT :a;",
    ]
    parsed = parse("\n".join(["-- name: x :many", *lines, ""]))
    assert parsed.notes.doc == "First.\n\n  indented\nLast: isn't :a."
    assert parsed.form.sql == "-- not doc\nSELECT :a;"


def test_types() -> None:
    """Directives state types of parameters and columns, nullable ones with a question mark."""
    text = (
        "-- name: x :many\n-- @param a int\n-- @param b AwareDatetime?\n-- @param c app.types.Role\n"
        "-- @column d Role?\n-- @column e json\nSELECT :a, :b, :c;\n"
    )
    notes = parse(text).notes
    assert notes.parameter_types == {
        "a": TypeName("int"),
        "b": TypeName("AwareDatetime", nullable=True),
        "c": TypeName("app.types.Role"),
    }
    assert notes.column_types == {"d": TypeName("Role", nullable=True), "e": TypeName("json")}
