"""The description of a statement from the engine, the analysis and directives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pydb.describe import DescribedStatement, Refusal, Session, describe
from pydb.describe.session import place_of_name, sessions_of
from pydb.errors import PydbError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file


@pytest.fixture
def session() -> Iterator[Session]:
    """A database in memory with one table."""
    with sessions_of("sqlite").scratch(None) as made:
        with made.script() as execute:
            execute(1, "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL, age integer)")
        yield made


def definition(sql: str, engine: str | None = None) -> Definition:
    (parsed,) = parse_file(f"-- name: x :many\n{sql}\n", "t.sql", "t", engine)
    return definition_of({engine: parsed})


def test_columns_and_parameters(session: Session) -> None:
    """Each column has its type, its origin and its nullability; each parameter has the type of its place."""
    found = describe(session, definition("SELECT id, age AS years FROM users WHERE name = :name AND id IN (:ids);"))
    assert isinstance(found, DescribedStatement)
    assert [(column.name, column.type, column.nullable, column.column) for column in found.columns] == [
        ("id", "integer", False, "id"),
        ("years", "integer", True, "age"),
    ]
    assert found.parameters["name"].types == ("text",)
    assert found.parameters["ids"].sequence


def test_directives_settle(session: Session) -> None:
    """@column and @param override the analysis about NULL."""
    sql = "-- @column age int\n-- @param name str?\nSELECT age FROM users WHERE name = :name;"
    found = describe(session, definition(sql))
    assert isinstance(found, DescribedStatement)
    assert not found.columns[0].nullable
    assert found.parameters["name"].nullable


@pytest.mark.parametrize(
    ("sql", "type_", "nullable"),
    [
        ("-- @param x str\nSELECT :x AS a;", "text", False),
        ("-- @param x str?\nSELECT :x AS a;", "text", True),
        ("-- @param x Decimal\nSELECT :x * 2 AS a;", "numeric", False),
        ("SELECT :x AS a FROM users WHERE name = :x;", "text", False),
        ("SELECT :x AS a FROM users WHERE age = coalesce(:x, age);", "integer", True),
        ("SELECT replace(name, :x, :y) AS a FROM users;", "text", False),
        ("SELECT coalesce(age, :x) AS a FROM users;", "integer", False),
        ("SELECT :x AS a;", None, True),
    ],
)
def test_a_parameter_as_a_column(session: Session, sql: str, type_: str | None, nullable: bool) -> None:
    """A column with a parameter's value has the type of the signature's parameter."""
    found = describe(session, definition(sql))
    assert isinstance(found, DescribedStatement)
    assert [(column.type, column.nullable) for column in found.columns] == [(type_, nullable)]


def test_a_refusal(session: Session) -> None:
    """A refusal of the engine has its message and its place in the file."""
    found = describe(session, definition("SELECT id,\n  nowhere FROM users;"))
    assert isinstance(found, Refusal)
    assert "nowhere" in found.message
    assert (found.line, found.column) == (3, 3)


def test_no_form(session: Session) -> None:
    """A statement that the engine does not have is not described."""
    assert describe(session, definition("SELECT 1;", "postgresql")) is None


def test_where_a_name_stands() -> None:
    """A name is searched in code, not in strings and comments, with its qualifier if it has one."""
    sql = "SELECT 'b', /* b */ a.x, b FROM a"
    assert place_of_name(sql, "b", "sqlite") == sql.rindex("b")
    assert place_of_name(sql, "a.x", "sqlite") == sql.index("a.x")
    assert place_of_name(sql, "nowhere", "sqlite") is None


def test_an_unknown_engine() -> None:
    """Sessions exist only for registered engines."""
    with pytest.raises(PydbError):
        sessions_of("oracle")
