"""The catalogue of a server: tables, keys, references, and a fingerprint that is equal for equal schemas."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from pydb.describe.engines.postgresql_catalogue import _without_schema
from pydb.describe.session import Session, sessions_of

pytestmark = pytest.mark.engines("postgresql")
SCHEMA = (
    "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name varchar(50) NOT NULL, age integer, "
    "CONSTRAINT users_name_key UNIQUE (name), CONSTRAINT users_age_check CHECK (age >= 0))",
    "CREATE TABLE posts (user_id integer NOT NULL, place integer NOT NULL, CONSTRAINT posts_pkey PRIMARY KEY "
    "(user_id, place), CONSTRAINT posts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id))",
    "CREATE VIEW names AS SELECT name, age FROM users",
)


def run(session: Session, *statements: str) -> None:
    with session.script() as execute:
        for line, statement in enumerate(statements, 1):
            execute(line, statement)


def test_what_is_known(empty_url: str, engine_name: str) -> None:
    """It has columns with types and nullability, keys, foreign keys, constraint names, and views by their queries."""
    with sessions_of(engine_name).scratch(make_url(empty_url)) as session:
        run(session, *SCHEMA)
        tables = session.catalogue.tables
        assert {name: column.nullable for name, column in tables["users"].columns.items()} == {
            "id": False,
            "name": False,
            "age": True,
        }
        assert set(tables["users"].keys) == {frozenset({"id"}), frozenset({"name"})}
        assert frozenset({"user_id", "place"}) in tables["posts"].keys
        assert tables["posts"].references == {(("user_id",), "users", ("id",))}
        assert {"users_name_key", "users_age_check"} <= tables["users"].constraints
        assert tables["names"].is_view
        assert [column.nullable for column in tables["names"].columns.values()] == [False, True]


def test_what_is_not_a_table_of_the_schema(empty_url: str, engine_name: str) -> None:
    """A partition is marked as one, and the functions of an extension are not in the fingerprint."""
    with sessions_of(engine_name).scratch(make_url(empty_url)) as session:
        run(session, "CREATE TABLE p (a integer) PARTITION BY LIST (a)", "CREATE TABLE p1 PARTITION OF p DEFAULT",
            "CREATE EXTENSION pg_trgm")  # fmt: skip
        special = {name: table.special for name, table in session.catalogue.tables.items()}
        assert special == {"p": "", "p1": "partition"}
        assert [name for name in session.fingerprint() if "trgm" in name or "similarity" in name] == [
            "extension pg_trgm"
        ]


def test_options_of_a_table(empty_url: str, engine_name: str) -> None:
    """Storage options are in the fingerprint in one order, without those of autovacuum."""
    with sessions_of(engine_name).scratch(make_url(empty_url)) as session:
        run(session, "CREATE TABLE t (a integer)", "ALTER TABLE t SET (autovacuum_enabled = false)",
            "ALTER TABLE t SET (parallel_workers = 2, fillfactor = 70)", "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
            "CREATE TABLE u (a integer) WITH (autovacuum_vacuum_scale_factor = 0.1)")  # fmt: skip
        found = {name: text for name, text in session.fingerprint().items() if name.startswith("options")}
        assert found == {"options of t": "WITH (fillfactor=70, parallel_workers=2); ROW LEVEL SECURITY"}


def test_fingerprints(empty_url: str, engine_name: str) -> None:
    """Two databases with the same schema have the same fingerprint; a change is found by the name of its column."""
    with (
        sessions_of(engine_name).scratch(make_url(empty_url)) as one,
        sessions_of(engine_name).scratch(make_url(empty_url)) as two,
    ):
        run(one, *SCHEMA)
        run(two, *SCHEMA)
        before = one.fingerprint()
        assert before == two.fingerprint()
        run(two, "ALTER TABLE users ADD COLUMN nick varchar(9)")
        assert [name for name in two.fingerprint() if name not in before] == ["column users.nick"]


def test_the_schema_of_a_definition() -> None:
    """The name of the schema is left out only where it qualifies a name."""
    definition = "notpublic.f(public.g, x.public.y, 'public.z', public)"
    assert _without_schema(definition, "public") == "notpublic.f(g, x.public.y, 'public.z', public)"
    assert _without_schema("sad, it's fine", "public") == "sad, it's fine"
