"""Describe statements in SQLite databases in memory: a schema and the text of a .sql file in, descriptions out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pydb.describe import DescribedStatement, Refusal, Session, describe
from pydb.describe.session import sessions_of
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file

SCHEMA = (
    "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL CONSTRAINT users_name_key UNIQUE, "
    "age integer)",
    "CREATE TABLE posts (id integer NOT NULL PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id), title text)",
)


@contextmanager
def opened(*schema: str) -> Iterator[Session]:
    """A session in a new database with these tables, by default users and posts."""
    with sessions_of("sqlite").scratch(None) as session:
        with session.script() as execute:
            for line, statement in enumerate(schema or SCHEMA, 1):
                execute(line, statement)
        yield session


def described(text: str, *schema: str) -> Mapping[str, DescribedStatement | Refusal]:
    """The statements of a file, by the last part of their names."""
    found: dict[str, DescribedStatement | Refusal] = {}
    with opened(*schema) as session:
        for parsed in parse_file(text, "t.sql", "t", None):
            definition = definition_of({None: parsed})
            one = describe(session, definition)
            assert one is not None
            found[definition.name.rpartition(".")[2]] = one
    return found


def statement(sql: str, header: str = "x :many", *schema: str) -> DescribedStatement:
    """One statement, which SQLite accepts."""
    (found,) = described(f"-- name: {header}\n{sql}\n", *schema).values()
    assert isinstance(found, DescribedStatement), found.message
    return found
