"""Folders of .sql files: the files that are read, their order, and their engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.definition import Definition, TypeName
from pydb.sqlfile.loader import read
from tests.harness.sql_folders import write

MODULE_NAME = "    hint: use letters, digits and _, and start with a letter"
ONE = "-- name: {} :one\nSELECT 1;\n"
SHARED = (
    "-- name: a :one User\n-- The shared form.\n-- @param x int\n-- @column b str?\nSELECT b FROM t WHERE x = :x;\n"
)


OVERLAY = "-- name: a :one User\nSELECT b FROM u WHERE x = :x;\n"


def names(definitions: tuple[Definition, ...]) -> list[str]:
    return [definition.name for definition in definitions]


def test_a_folder(sql: Path) -> None:
    """Files are sorted by path and statements by their place; a sub-folder is a part of the name."""
    write(sql, {"users.sql": ONE.format("b") + ONE.format("a"), "reports/stock.sql": ONE.format("by_month")})
    write(sql, {"books.sql": ONE.format("x"), "reports/archive/old.sql": ONE.format("y")})
    assert names(read("sql")) == ["books.x", "reports.archive.old.y", "reports.stock.by_month", "users.b", "users.a"]


def test_one_file(sql: Path) -> None:
    """One file may be read alone; its name is the prefix."""
    write(sql, {"users.sql": ONE.format("a")})
    (definition,) = read(sql / "users.sql")
    assert (definition.name, definition.file, definition.line) == ("users.a", "sql/users.sql", 1)


def test_what_is_no_statement_file(sql: Path) -> None:
    """Schemas, hidden files and folders, and other files are skipped."""
    write(sql, {"users.sql": ONE.format("a"), "schema.sql": "CREATE TABLE t (a int);", "notes.md": "x", ".x.sql": "x"})
    write(sql, {"postgresql/schema.sql": "CREATE TABLE t (a int);", ".git/x.sql": "x", "my-notes/readme.txt": "x"})
    assert names(read("sql")) == ["users.a"]


def test_files_keep_the_name_that_was_given(sql: Path) -> None:
    """A relative path stays relative, an absolute one absolute, in definitions and errors."""
    write(sql, {"users.sql": ONE.format("a")})
    assert read("sql")[0].file == "sql/users.sql"
    assert read(Path("./sql"))[0].file == "sql/users.sql"
    assert read(sql.absolute())[0].file == str(sql.absolute() / "users.sql")


def test_overlays(sql: Path) -> None:
    """An overlay replaces the shared form on its engine; documentation and types are the shared form's."""
    write(sql, {"users.sql": SHARED, "mariadb/users.sql": OVERLAY})
    (definition,) = read("sql")
    assert list(definition.forms) == ["sqlite", "postgresql", "mariadb"]
    assert definition.forms["sqlite"] is definition.forms["postgresql"]
    assert (definition.forms["mariadb"].file, definition.forms["mariadb"].line) == ("sql/mariadb/users.sql", 2)
    assert (definition.file, definition.line) == ("sql/users.sql", 1)
    assert definition.sql == "SELECT b FROM t WHERE x = :x;"
    assert definition.doc == "The shared form."
    assert definition.parameter_types == {"x": TypeName("int")}
    assert definition.column_types == {"b": TypeName("str", nullable=True)}


def test_statements_that_only_overlays_have(sql: Path) -> None:
    """A statement that only overlays have exists only on their engines, after the shared statements of the file."""
    write(sql, {"users.sql": ONE.format("z"), "mariadb/users.sql": OVERLAY, "postgresql/users.sql": OVERLAY})
    shared, overlaid = read("sql")
    assert (shared.name, overlaid.name) == ("users.z", "users.a")
    assert list(overlaid.forms) == ["postgresql", "mariadb"]
    assert overlaid.file == "sql/postgresql/users.sql"


def test_overlaid_files_without_a_shared_one(sql: Path) -> None:
    """A file may exist only in an overlay, also in a sub-folder."""
    write(sql, {"sqlite/reports/size.sql": ONE.format("pages"), "users.sql": ONE.format("a")})
    assert {d.name: list(d.forms) for d in read("sql")} == {
        "reports.size.pages": ["sqlite"],
        "users.a": ["sqlite", "postgresql", "mariadb"],
    }


@pytest.mark.parametrize(
    ("overlay", "message", "hint"),
    [
        (
            "-- name: a :maybe User\nSELECT b FROM t WHERE x = :x;\n",
            "row word :maybe here, :one in sql/users.sql:1",
            "make the forms agree",
        ),
        (
            "-- name: a :one\nSELECT b FROM t WHERE x = :x;\n",
            "record none here, User in sql/users.sql:1",
            "make the forms agree",
        ),
        (
            "-- name: a :one User\nSELECT b FROM t WHERE x = :y;\n",
            "parameters :y here, :x in sql/users.sql:1",
            "make the forms agree",
        ),
        (
            "-- name: a :one User\nSELECT b FROM t WHERE x IN (:x);\n",
            "lists :x here, none in sql/users.sql:1",
            "make the forms agree",
        ),
        (
            "-- name: a :one User\n-- @param x str\nSELECT b FROM t WHERE x = :x;\n",
            "@param x differs from sql/users.sql:1",
            "declare it only there",
        ),
        (
            "-- name: a :one User\n-- @column c str\nSELECT b FROM t WHERE x = :x;\n",
            "@column c differs from sql/users.sql:1",
            "declare it only there",
        ),
    ],
    ids=["rows", "record", "parameters", "sequences", "param", "column"],
)
def test_forms_that_disagree(sql: Path, overlay: str, message: str, hint: str) -> None:
    """Forms of one statement that differ for a caller are refused, at the overlay."""
    write(sql, {"users.sql": SHARED, "mariadb/users.sql": overlay})
    with pytest.raises(SqlFileError) as caught:
        read("sql")
    assert str(caught.value).split("\n")[0] == f"sql/mariadb/users.sql:1: users.a: {message}    hint: {hint}"


def test_parameters_may_come_in_another_order(sql: Path) -> None:
    """The order of parameters is the shared form's, because callers pass them by name."""
    write(sql, {"t.sql": "-- name: a :many\nSELECT :x, :y;\n", "sqlite/t.sql": "-- name: a :many\nSELECT :y, :x;\n"})
    assert read("sql")[0].parameters == ("x", "y")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"reports.sql": ONE.format("stock"), "reports/stock.sql": ONE.format("a")},
            "sql/reports.sql:1: reports.stock: the name is also the name of a file or folder"
            "    hint: rename the statement, or reports/stock",
        ),
        (
            {"reports.sql": ONE.format("stock"), "reports/stock/monthly.sql": ONE.format("a")},
            "sql/reports.sql:1: reports.stock: the name is also the name of a file or folder"
            "    hint: rename the statement, or reports/stock",
        ),
        (
            {"my-users.sql": ONE.format("a")},
            f'sql/my-users.sql: "my-users" cannot be a module name{MODULE_NAME}',
        ),
        (
            {"class.sql": ONE.format("a")},
            f'sql/class.sql: "class" cannot be a module name{MODULE_NAME}',
        ),
        (
            {"2024/users.sql": ONE.format("a")},
            f'sql/2024/users.sql: "2024" cannot be a module name{MODULE_NAME}',
        ),
        (
            {"postgres/users.sql": ONE.format("a")},
            "sql/postgres/users.sql: postgres is reserved for an engine's overlay folder"
            "    hint: the top-level folder postgresql overlays that engine",
        ),
        (
            {"reports/sqlite/users.sql": ONE.format("a")},
            "sql/reports/sqlite/users.sql: sqlite is reserved for an engine's overlay folder"
            "    hint: the top-level folder sqlite overlays that engine",
        ),
        ({}, "sql: no statement was found    hint: a statement starts with -- name: <name> :<rows>"),
        (
            {"users.sql": "-- Later.\n", "schema.sql": "CREATE TABLE t (a int);"},
            "sql: no statement was found    hint: a statement starts with -- name: <name> :<rows>",
        ),
        (
            {"users.sql": "-- One.\r-- name: a :one\rSELECT 1;\r"},
            "sql/users.sql:1: the file contains a carriage return without a line feed    hint: save it as plain text",
        ),
        (
            {"users.sql": "-- One.\n\n-- A NUL: \0\n" + ONE.format("a")},
            "sql/users.sql:3: the file contains a NUL character    hint: save it as plain text",
        ),
    ],
    ids=[
        *("clash with a file", "clash with a folder", "file name", "keyword", "folder name", "misnamed engine"),
        *("engine below the top", "empty folder", "no statements", "lone CR", "NUL"),
    ],
)
def test_malformed_folder(sql: Path, files: dict[str, str], message: str) -> None:
    """A mistake in the structure of a folder is refused by its path."""
    write(sql, files)
    with pytest.raises(SqlFileError) as caught:
        read("sql")
    assert str(caught.value).split("\n")[0] == message


def test_missing_path(sql: Path) -> None:
    """The error about a missing path names it."""
    with pytest.raises(SqlFileError) as caught:
        read("sql/nowhere")
    assert str(caught.value).split("\n")[0] == (
        "sql/nowhere: there is no such file or folder    hint: give a .sql file or a folder of .sql files"
    )


def test_file_of_another_kind(sql: Path) -> None:
    """Only a .sql file can be read alone."""
    write(sql, {"users.txt": ONE.format("a")})
    with pytest.raises(SqlFileError, match="the name of a statement file must end in "):
        read("sql/users.txt")


def test_encoding(sql: Path) -> None:
    """A byte-order mark is not part of the text; a file that is not UTF-8 is refused at its line."""
    (sql / "users.sql").write_bytes(b"\xef\xbb\xbf" + ONE.format("a").encode())
    (definition,) = read("sql")
    assert (definition.name, definition.line) == ("users.a", 1)
    (sql / "users.sql").write_bytes(b"-- One.\n-- caf\xe9\n" + ONE.format("a").encode())
    with pytest.raises(SqlFileError) as caught:
        read("sql")
    assert str(caught.value).split("\n")[0] == "sql/users.sql:2: the file is not UTF-8    hint: save it as UTF-8"


def test_windows_line_ends(sql: Path) -> None:
    """Line numbers are correct in a file with CRLF."""
    write(sql, {"users.sql": (ONE.format("a") + "\n" + ONE.format("b")).replace("\n", "\r\n")})
    assert [(d.name, d.line, d.sql, d.doc) for d in read("sql")] == [
        ("users.a", 1, "SELECT 1;", ""),
        ("users.b", 4, "SELECT 1;", ""),
    ]


def test_unreadable_file(sql: Path) -> None:
    """A link without a target is refused, and not skipped."""
    write(sql, {"users.sql": ONE.format("a")})
    (sql / "books.sql").symlink_to("nowhere.sql")
    with pytest.raises(SqlFileError, match=r"^sql/books\.sql: it cannot be read: No such file"):
        read("sql")


def test_links_are_followed(sql: Path) -> None:
    """Linked files and folders are read like others."""
    write(sql.parent, {"elsewhere/stock.sql": ONE.format("a")})
    (sql / "reports").symlink_to(Path("elsewhere").absolute())
    assert names(read("sql")) == ["reports.stock.a"]


@pytest.mark.parametrize(
    ("records", "hint"),
    [({"User"}, "did you mean User?"), ({"Book", "Car"}, "the records are Book, Car"), (set(), "the records are none")],
)
def test_unknown_record(sql: Path, records: set[str], hint: str) -> None:
    """A header may name only the given records, and scalar is not one."""
    write(sql, {"users.sql": ONE.format("a") + "-- name: b :one scalar\nSELECT 1;\n-- name: c :one Usr\nSELECT 1;\n"})
    with pytest.raises(SqlFileError) as caught:
        read("sql", frozenset(records))
    assert str(caught.value).split("\n")[0] == f"sql/users.sql:5: users.c: there is no record Usr    hint: {hint}"
    assert len(read("sql")) == len(read("sql", frozenset({"Usr"}))) == 3


def test_a_thousand_statements(sql: Path) -> None:
    """A thousand statements in fifty files are all read, each with its own text."""
    statement = (
        "-- name: s{} :many\n-- Number {}.\nSELECT id, 'it''s {}'\nFROM users\nWHERE id = :id AND age > :age;\n\n"
    )
    for file in range(50):
        text = "".join(statement.format(n, n, n) for n in range(20))
        write(sql, {f"f{file:02}.sql": text})
    definitions = read("sql")
    assert names(definitions) == [f"f{file:02}.s{n}" for file in range(50) for n in range(20)]
    assert all(d.parameters == ("id", "age") and f"it''s {d.name.rpartition('s')[2]}'" in d.sql for d in definitions)
