"""Tables of other schemas than the current one are described, compared and checked like those of ``public``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb import Database
from pydb.check.project import Inputs, check
from pydb.describe import DescribedStatement, Session, describe, existing, scratch
from pydb.sqlfile.loader import read

SCHEMA = """\
CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, note text);
CREATE SCHEMA app;
CREATE TABLE app.users (id bigint PRIMARY KEY, email text NOT NULL CONSTRAINT users_email_key UNIQUE);
CREATE TABLE app.items (
    id bigint PRIMARY KEY,
    owner bigint NOT NULL CONSTRAINT items_owner_fkey REFERENCES app.users (id),
    label numeric(10, 2)
);
CREATE VIEW app.owned AS SELECT id, owner, label FROM app.items;
CREATE SCHEMA "Odd one" CREATE TABLE "Mixed" ("Id" integer PRIMARY KEY, v date NOT NULL);
SET search_path = app;
CREATE TABLE notes (id integer PRIMARY KEY, body text NOT NULL);
"""

COLUMNS = [
        ("SELECT * FROM app.items", "id:int owner:int label:Decimal?"),
        ("SELECT * FROM items", "id:int name:str note:str?"),
        ("SELECT i.*, u.email FROM app.items AS i JOIN app.users AS u ON u.id = i.owner",
         "id:int owner:int label:Decimal? email:str"),
        ("SELECT u.email, i.id FROM app.users AS u LEFT JOIN app.items AS i ON i.owner = u.id", "email:str id:int?"),
        ("SELECT app.items.owner, items.label FROM app.items", "owner:int label:Decimal?"),
        ("SELECT id, owner, label FROM app.owned", "id:int owner:int label:Decimal?"),
        ('SELECT "Id", v FROM "Odd one"."Mixed"', "Id:int v:date"),
        ("SELECT id, body FROM app.notes", "id:int body:str"),
        ("WITH items AS (SELECT 1 AS one) SELECT one, a.id FROM items, app.items AS a", "one:int id:int"),
        ("UPDATE app.items SET owner = 1 WHERE id = 2 RETURNING owner, label", "owner:int label:Decimal?"),
        ("INSERT INTO app.users (id, email) VALUES (:id, :email) RETURNING id, email", "id:int email:str"),
        ("DELETE FROM app.users WHERE email = :email RETURNING *", "id:int email:str"),
    ]  # fmt: skip

pytestmark = pytest.mark.engines("postgresql")


@pytest.fixture
def session(empty_url: str, tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "schema.sql").write_text(SCHEMA)
    with scratch(make_url(empty_url), str(tmp_path / "schema.sql")) as session:
        yield session


def described(session: Session, folder: Path, sql: str) -> DescribedStatement:
    (folder / "d.sql").write_text(f"-- name: d :many\n{sql};\n")
    (definition,) = read(folder / "d.sql")
    found = describe(session, definition)
    assert isinstance(found, DescribedStatement), found
    return found


def test_columns(session: Session, tmp_path: Path) -> None:
    """Types, NOT NULL and ``*`` are those of the table that the schema's name, or the search path, selects."""
    for sql, columns in COLUMNS:
        found = described(session, tmp_path, sql).columns
        assert (sql, " ".join(f"{item.name}:{item.words[0]}{'?' * item.nullable}" for item in found)) == (sql, columns)
        assert all(column.certain for column in found)


def test_parameters(session: Session, tmp_path: Path) -> None:
    """A value for a column of another schema may be None only if the column may be NULL."""
    sql = "INSERT INTO app.items (id, owner, label) VALUES (:id, :owner, :label) RETURNING id"
    found = described(session, tmp_path, sql).parameters
    assert {name: (item.words[0], item.nullable) for name, item in found.items()} == {
        "id": ("int", False),
        "owner": ("int", False),
        "label": ("Decimal", True),
    }


def test_parameters_of_quoted_columns(session: Session, tmp_path: Path) -> None:
    """A value for a column whose name has capitals may be None only if the column may be NULL."""
    sql = 'INSERT INTO "Odd one"."Mixed" ("Id", v) VALUES (:id, :v) RETURNING "Id"'
    found = described(session, tmp_path, sql).parameters
    assert {name: item.nullable for name, item in found.items()} == {"id": False, "v": False}


def test_keys_and_references(session: Session) -> None:
    """Each table has its own keys; a table that is not on the search path is named with its schema."""
    tables = session.catalogue.tables
    assert {"items", "app.items", "app.users", "app.owned", "app.notes", "Odd one.Mixed"} == set(tables)
    assert tables["app.users"].keys == (frozenset({"id"}), frozenset({"email"}))
    assert tables["app.items"].references == {(("owner",), "app.users", ("id",))}
    assert tables["items"].references == frozenset()


def test_the_search_path_of_new_sessions(empty_url: str, tmp_path: Path) -> None:
    """The search path in the URL, or of ALTER DATABASE, decides the meaning of a name without a schema."""
    with Database(empty_url) as database:
        database.apply(_script(tmp_path, SCHEMA))
        with database.begin() as conn:
            conn.exec_driver_sql(f"ALTER DATABASE {make_url(empty_url).database} SET search_path = app, public")
    for url in (empty_url, f"{empty_url}?options=-csearch_path%3Dapp,public"):
        with existing(make_url(url)) as session:
            assert {"items", "users", "public.items"} <= set(session.catalogue.tables)
            found = described(session, tmp_path, "SELECT items.*, p.name FROM items, public.items AS p").columns
            assert [(column.name, column.nullable) for column in found] == [
                *(("id", False), ("owner", False), ("label", True), ("name", False))
            ]


def test_a_dumps_empty_search_path(empty_url: str, tmp_path: Path) -> None:
    """A script that empties the search path, as pg_dump does, does not change the meaning of statements."""
    script = "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.t (id integer NOT NULL);\n"
    with scratch(make_url(empty_url), _script(tmp_path, script)) as session:
        assert [column.nullable for column in described(session, tmp_path, "SELECT id FROM t").columns] == [False]


def test_check(empty_url: str, tmp_path: Path) -> None:
    """check compares the other engines' tables with those of any schema, including their keys and their drift."""
    folder = tmp_path / "sql"
    (folder / "postgresql").mkdir(parents=True)
    (folder / "schema.sql").write_text(
        "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, email text CONSTRAINT users_email_key UNIQUE);\n"
        "CREATE TABLE items (id integer NOT NULL PRIMARY KEY, owner integer NOT NULL,\n"
        "CONSTRAINT items_owner_fkey FOREIGN KEY (owner) REFERENCES users (id));\n"
    )
    schema = (
        "CREATE SCHEMA app;\nCREATE TABLE app.users (id bigint PRIMARY KEY, email text NOT NULL\n"
        "CONSTRAINT users_email_key UNIQUE);\nCREATE TABLE app.items (id bigint PRIMARY KEY,\n"
        "owner bigint NOT NULL CONSTRAINT items_owner_fkey REFERENCES app.users (id));\n"
    )
    (folder / "postgresql" / "schema.sql").write_text(schema)
    (folder / "users.sql").write_text("-- name: by_id :maybe scalar\nSELECT id FROM users WHERE id = :id;\n")
    (folder / "postgresql" / "users.sql").write_text(
        "-- name: by_id :maybe scalar\nSELECT id FROM app.users WHERE id = :id;\n"
    )
    schemas = {"sqlite": str(folder / "schema.sql"), "postgresql": str(folder / "postgresql" / "schema.sql")}
    report = check(Inputs(str(folder), schemas, [make_url(empty_url)]))
    assert [(item.code, item.message) for item in report.findings] == [
        ("C503", "column users.email may be NULL on sqlite but not on postgresql")
    ]
    with Database(empty_url) as database, database.begin() as conn:
        for statement in schema.replace("owner bigint NOT NULL", "owner bigint").split(";\n")[:-1]:
            conn.exec_driver_sql(statement)
        conn.exec_driver_sql("CREATE SCHEMA others CREATE TABLE unknown (id integer)")
    report = check(Inputs(str(folder), schemas, [make_url(empty_url)], live=True))
    drift = [(item.code, item.message, item.line) for item in report.findings if item.code.startswith("C6")]
    assert drift == [("C602", "column app.items.owner differs", 5)]


def _script(folder: Path, text: str) -> str:
    (folder / "schema.sql").write_text(text)
    return str(folder / "schema.sql")
