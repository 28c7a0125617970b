"""The first call of a statement finds the engine's form, the record, and the classes that it names."""

from __future__ import annotations

import pickle
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine

from pydb import Database
from pydb.errors import ParameterError, PydbError, RecordError, SqlFileError
from pydb.execution.runner import Runner
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.statement import Statement
from tests.harness.plans import definition_from, rows, statement_from
from tests.harness.records import User

SELECT = "-- name: x :many User\nSELECT id, name FROM t;\n"


@dataclass(frozen=True)
class Odd:
    """A record whose field has a type that no column can have."""

    id: Database


@pytest.mark.parametrize("given", [None, "conn", Database, create_engine("sqlite://")])
def test_a_connection_comes_first(given: object) -> None:
    """Another argument is reported by its class, with an example of the call."""
    with pytest.raises(ParameterError, match=rf"a SQLAlchemy Connection first, not a {type(given).__name__}"):
        statement_from(SELECT, User)(given)


def test_the_text_of_each_engine() -> None:
    """There is a ``text()`` for each engine, and an error if there is no form or no such engine."""
    runner = Runner(definition_from(SELECT), {})
    assert str(runner.text("sqlite", {})).endswith("SELECT id, name FROM t")
    with pytest.raises(ValueError, match="no engine is named oracle    hint: one of sqlite, postgresql, mariadb"):
        runner.text("oracle", {})


def test_no_form_for_the_engine() -> None:
    """A statement that only another engine has cannot be called here."""
    (parsed,) = parse_file(SELECT, "t.sql", "t", "mariadb")
    definition = definition_of({"mariadb": parsed})
    with rows() as conn, pytest.raises(SqlFileError, match="has no form for sqlite"):
        Statement(definition, Runner(definition, {}))(conn)


def test_a_record_that_cannot_be_read() -> None:
    """The error about an invalid record names the statement that returns it."""
    with rows() as conn, pytest.raises(RecordError) as raised:
        statement_from("-- name: x :many Odd\nSELECT id FROM t;\n", Odd)(conn)
    assert raised.value.statement_name == "t.x"


@pytest.mark.parametrize(
    ("word", "said"),
    [("nowhere.Role", "import nowhere"), ("Role", "write the module too"), ("pydb.Database", "name an Enum")],
)
def test_a_type_that_is_not_known(word: str, said: str) -> None:
    """A word of a directive that names no class of a loaded module is an error of the SQL file."""
    text = f"-- name: x :many\n-- @column id {word}\nSELECT id FROM t;\n"
    with rows() as conn, pytest.raises(SqlFileError, match=said) as raised:
        statement_from(text)(conn)
    assert isinstance(raised.value, PydbError)


def test_it_pickles() -> None:
    """A pickled runner keeps its definition and its records."""
    again = pickle.loads(pickle.dumps(Runner(definition_from(SELECT), {"User": User})))
    assert str(again.text("sqlite", {})) == str(Runner(definition_from(SELECT), {}).text("sqlite", {}))
