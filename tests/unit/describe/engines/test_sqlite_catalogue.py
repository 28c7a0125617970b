"""SQLite's catalogue: tables, keys, limits, and a fingerprint that is equal for equal schemas."""

from __future__ import annotations

import apsw

from pydb.describe.engines.sqlite_catalogue import fingerprint, read_catalogue

SCHEMA = """
CREATE TABLE users (
    id integer PRIMARY KEY,
    name text NOT NULL CONSTRAINT users_name_key UNIQUE,
    age integer CHECK (age BETWEEN 0 AND 150),
    doubled integer GENERATED ALWAYS AS (age * 2)
);
CREATE TABLE posts (
    user_id integer NOT NULL CONSTRAINT posts_user_id_fkey REFERENCES users (id),
    place integer NOT NULL,
    CONSTRAINT posts_pkey PRIMARY KEY (user_id, place)
) WITHOUT ROWID;
CREATE TABLE loose (a text PRIMARY KEY, b);
CREATE VIEW names AS SELECT name FROM users;
CREATE UNIQUE INDEX lower_name ON users (lower(name));
"""


def connection(schema: str = SCHEMA) -> apsw.Connection:
    made = apsw.Connection(":memory:")
    made.execute(schema)
    return made


def test_columns() -> None:
    """NOT NULL is what SQLite enforces: for a rowid, and the key of a table without one; another key may be NULL."""
    tables = read_catalogue(connection(), "sqlite").tables
    assert {name: column.nullable for name, column in tables["users"].columns.items()} == {
        "id": False,
        "name": False,
        "age": True,
        "doubled": True,
    }
    assert not any(column.nullable for column in tables["posts"].columns.values())
    assert tables["loose"].columns["a"].nullable
    assert tables["users"].columns["doubled"].generated
    assert tables["users"].columns["id"].optional


def test_bounds() -> None:
    """A CHECK limits a column, and a rowid is an integer."""
    columns = read_catalogue(connection(), "sqlite").tables["users"].columns
    assert columns["age"].magnitude == 150.0
    assert (columns["id"].kind, columns["age"].kind) == ("int", None)


def test_keys_and_references() -> None:
    """Keys are the primary key and unique columns, not expressions; there are foreign keys and constraint names."""
    tables = read_catalogue(connection(), "sqlite").tables
    assert set(tables["users"].keys) == {frozenset({"id"}), frozenset({"name"})}
    assert tables["posts"].keys == (frozenset({"user_id", "place"}),)
    assert tables["posts"].references == {(("user_id",), "users", ("id",))}
    assert tables["users"].constraints == {"users_name_key"}


def test_views() -> None:
    """A view is a table whose nullability its query proves."""
    view = read_catalogue(connection(), "sqlite").tables["names"]
    assert view.is_view
    assert not view.columns["name"].nullable


def test_fingerprints() -> None:
    """Equal schemas with different layouts have equal fingerprints; a different column is found by its name."""
    plain = "CREATE TABLE t (a integer NOT NULL, b text)"
    assert fingerprint(connection(plain)) == fingerprint(
        connection('CREATE TABLE "t"(a integer  NOT NULL,\n\n b text)')
    )
    one, two = fingerprint(connection(plain)), fingerprint(connection("CREATE TABLE t (a integer, b text)"))
    assert [name for name in one if one[name] != two.get(name)] == ["column t.a"]


def test_a_virtual_table() -> None:
    """A virtual table is one object of the fingerprint, and its shadow tables are not tables of the schema."""
    connection = apsw.Connection(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (title, body)")
    assert fingerprint(connection) == {"virtual words": "CREATE VIRTUAL TABLE words USING fts5 ( title , body )"}
    assert list(read_catalogue(connection, "sqlite").tables) == ["words"]
