"""Mistakes of a caller, and changes of the schema, have the same errors on the first and on later calls."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

import pydb
from pydb.errors import DatabaseError, ParameterError, PydbError, RecordError
from tests.harness.runtime import CreateTables, Load

pytestmark = pytest.mark.awaited

STATEMENTS = """\
-- Things.

-- name: every :many Thing
SELECT * FROM things;

-- name: mistyped :many Thing
SELECT 'x' AS id, name FROM things;

-- name: fill :batch
INSERT INTO things (id, name) VALUES (:id, :name);

-- name: of_ids :many Thing
SELECT id, name FROM things WHERE id IN (:ids);
"""


@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    name: str


@pytest.fixture
def q(database: pydb.Database, create_tables: CreateTables, load: Load) -> Any:
    create_tables("CREATE TABLE things (id <key>, name <string> NOT NULL);")
    queries = load(STATEMENTS, Thing)
    with database.begin() as conn:
        queries.fill(conn, [{"id": 1, "name": "a"}])
    return queries


def refusals(database: pydb.Database, call: Callable[[Connection], Any], kind: type[PydbError]) -> set[str]:
    """The texts of three refusals, because a statement may take another path from the second call on."""
    texts = set()
    for _ in range(3):
        with pytest.raises(kind) as caught, database.begin() as conn:
            call(conn)
        texts.add(str(caught.value).partition(".sql:")[2].partition(": ")[2])
    return texts


def test_misfit_is_told_alike(database: pydb.Database, q: Any) -> None:
    """The error for a value of the wrong type has the class of the value, on every call."""
    hint = "CAST it in the SQL, or declare the type that the column has"
    assert refusals(database, q.mistyped, RecordError) == {
        f"q.mistyped: column id contains a str that is not a int    hint: {hint}"
    }


def test_column_added_under_a_star(database: pydb.Database, q: Any) -> None:
    """A new column under ``SELECT *`` while the program runs is reported as a change of columns."""
    with database.begin() as conn:
        assert q.every(conn) == [Thing(1, "a")]
    with database.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE things ADD COLUMN size integer NULL")
    (text,) = refusals(database, q.every, RecordError)
    assert text.startswith("q.every: its columns are no longer id, name    hint: list the columns instead of *")


@pytest.mark.parametrize("sets", [None, 1, [1], [("a", 1)], {"id": 2, "name": "b"}, "ab"])
def test_batch_of_no_sets(database: pydb.Database, q: Any, sets: Any) -> None:
    """An argument that is not an iterable of parameter sets is refused with the statement's name and the solution."""
    (text,) = refusals(database, lambda conn: q.fill(conn, sets), ParameterError)
    assert text.startswith("q.fill: ")
    assert "    hint: " in text


def test_lists_in_a_list(database: pydb.Database, q: Any) -> None:
    """A list in the list of ``IN`` is refused, because as JSON it would silently find nothing."""
    (text,) = refusals(database, lambda conn: q.of_ids(conn, ids=[[1]]), ParameterError)
    assert "parameter ids is a list of lists or dicts" in text


def test_database_without_its_schema(database: pydb.Database, load: Load) -> None:
    """The error about a missing table says how to create it."""
    queries = load("-- name: every :many\nSELECT id FROM absent;\n")
    with (
        pytest.raises(DatabaseError, match=r"absent.* hint: does this database have its schema\?"),
        database.read() as conn,
    ):
        queries.every(conn)


@pytest.mark.engines("postgresql", "mariadb")
@pytest.mark.parametrize(
    ("wrong", "hint"),
    [({"password": "x"}, "check the user"), ({"database": "absent"}, "check the user"), ({"port": 1}, "server run")],
)
def test_server_that_lets_nobody_in(empty_url: str, wrong: dict[str, Any], hint: str) -> None:
    """A wrong password, a missing database and a closed port have errors that say what to check."""
    refused = pytest.raises(DatabaseError, match=f" hint: .*{hint}")
    with pydb.Database(make_url(empty_url).set(**wrong)) as database, refused, database.read():
        pass


@pytest.mark.awaited(False)
@pytest.mark.parametrize("driver", ["sqlite+aiosqlite", "postgresql+psycopg_async", "mariadb+asyncmy"])
def test_asynchronous_driver(driver: str) -> None:
    """Database refuses a URL with an asynchronous driver, and says where such a driver can be used."""
    with pytest.raises(PydbError, match=f"^{re.escape(driver)} is an asynchronous driver, .*AsyncDatabase") as caught:
        pydb.Database(f"{driver}://user:secret-word@host/name")
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize("options", [{"statement_timeout": 0}, {"lock_timeout": -1}, {"connect_timeout": 0}])
def test_timeout_that_is_none(options: dict[str, Any]) -> None:
    """A timeout of 0 is refused, because an engine would take 0 as no limit."""
    with pytest.raises(ValueError, match="timeouts are positive numbers of seconds"):
        pydb.Database("sqlite://", **options)


@pytest.mark.parametrize("given", ["database", "engine", None])
def test_first_argument_is_no_connection(database: pydb.Database, q: Any, given: str | None) -> None:
    """A Database, an Engine or None instead of the connection is refused, with the block to write."""
    first: Any = {"database": database, "engine": database.engine, None: None}[given]
    with pytest.raises(ParameterError, match=r"q\.every: takes a SQLAlchemy Connection first, .* hint: with db\.begin"):
        q.every(first)
