"""A server describes statements without running them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from pydb.describe import DescribedStatement, Refusal, Session, describe
from pydb.describe.session import sessions_of
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file

pytestmark = pytest.mark.engines("mariadb")


@pytest.fixture
def session(empty_url: str, engine_name: str) -> Iterator[Session]:
    """A scratch database with one table."""
    with sessions_of(engine_name).scratch(make_url(empty_url)) as made:
        with made.script() as execute:
            execute(1, "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name varchar(50) NOT NULL)")
        yield made


def definition(sql: str) -> Definition:
    (parsed,) = parse_file(f"-- name: x :many\n{sql}\n", "t.sql", "t", None)
    return definition_of({None: parsed})


def test_columns(session: Session) -> None:
    """Each column has the engine's type and its table."""
    found = describe(session, definition("SELECT id, name AS nick FROM users WHERE id = :id;"))
    assert isinstance(found, DescribedStatement)
    assert [(column.name, column.column, column.nullable) for column in found.columns] == [
        ("id", "id", False),
        ("nick", "name", False),
    ]
    assert [column.words[0] for column in found.columns] == ["int", "str"]
    assert found.parameters["id"].words[0] == "int"


def test_nothing_is_run(session: Session) -> None:
    """Describing an INSERT inserts no row."""
    found = describe(session, definition("INSERT INTO users (id, name) VALUES (:id, :name) RETURNING id;"))
    assert isinstance(found, DescribedStatement)
    assert list(session.ask("SELECT id FROM users")) == []


def test_a_refusal(session: Session) -> None:
    """A refusal of the server has its place in the file."""
    found = describe(session, definition("SELECT id,\n  nowhere FROM users;"))
    assert isinstance(found, Refusal)
    assert "nowhere" in found.message
    assert found.line == 3
