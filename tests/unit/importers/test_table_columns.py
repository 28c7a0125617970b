"""The columns of tables in a schema script."""

from __future__ import annotations

import pytest

from pydb.importers.table_columns import listed_columns, tables_of

SCHEMA = """
CREATE TABLE users (id integer PRIMARY KEY, "name" text, CONSTRAINT a UNIQUE (name));
CREATE TABLE posts (id integer, user_id integer);
"""


def test_the_columns_of_tables() -> None:
    """Constraints are not columns."""
    assert tables_of(SCHEMA) == {("users",): ["id", '"name"'], ("posts",): ["id", "user_id"]}


@pytest.mark.parametrize(
    ("item", "columns"),
    [
        ("key text", ["a", "key"]),
        ("key varchar(20)", ["a", "key"]),
        ("index integer", ["a", "index"]),
        ("exclude boolean", ["a", "exclude"]),
        ("period integer", ["a", "period"]),
        ("KEY (a)", ["a"]),
        ("KEY a_key (a)", ["a"]),
        ("UNIQUE KEY a_key (a)", ["a"]),
        ("FULLTEXT INDEX a_text (a)", ["a"]),
        ("SPATIAL INDEX a_place (a)", ["a"]),
        ("INDEX a_index USING btree (a)", ["a"]),
        ("EXCLUDE USING gist (a WITH =)", ["a"]),
        ("PERIOD FOR SYSTEM_TIME (a, b)", ["a"]),
        ("b integer INVISIBLE", ["a"]),
        ("LIKE others", None),
    ],
)
def test_words_of_constraints_may_be_columns(item: str, columns: list[str] | None) -> None:
    """The next word decides; if a table is made like another one, not all of its columns are known."""
    assert tables_of(f"CREATE TABLE t (a int, {item});").get(("t",)) == columns


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE t (a int) INHERITS (parents);",
        "CREATE TABLE t AS SELECT count(*) FROM u;",
        "CREATE VIRTUAL TABLE t USING fts5(a, b);",
        "CREATE TABLE t PARTITION OF u FOR VALUES FROM (1) TO (2);",
    ],
)
def test_what_is_not_written_is_not_known(script: str) -> None:
    """The columns of such a table are defined elsewhere."""
    assert listed_columns(tables_of(script), ("t",)) is None


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ("ALTER TABLE posts ADD COLUMN a int, ADD b numeric(3, 1);", ["id", "user_id", "a", "b"]),
        ("ALTER TABLE IF EXISTS public.posts DROP COLUMN id;", ["user_id"]),
        ("ALTER TABLE posts RENAME COLUMN id TO number;", ["number", "user_id"]),
        ("ALTER TABLE posts ADD CONSTRAINT a UNIQUE (id);", ["id", "user_id"]),
        ("ALTER TABLE posts DROP CONSTRAINT a;", ["id", "user_id"]),
        ("ALTER TABLE posts ADD (a int, b int);", None),
        ("ALTER TABLE posts ADD a int FIRST;", None),
        ("ALTER TABLE posts INHERIT users;", None),
        ("DROP TABLE posts;", None),
        ("DROP TABLE users, posts;", None),
    ],
)
def test_the_columns_follow_migrations(change: str, columns: list[str] | None) -> None:
    """After a change that cannot be interpreted, the columns of a table are not known."""
    assert tables_of(SCHEMA + change).get(("posts",)) == columns


def test_a_renamed_table_has_its_columns() -> None:
    """The old name no longer exists."""
    tables = tables_of(SCHEMA + "ALTER TABLE posts RENAME TO notes;")
    assert listed_columns(tables, ("notes",)) == ["id", "user_id"]
    assert listed_columns(tables, ("posts",)) is None


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        (("a", "t"), ["x"]),
        (("b", "t"), ["y"]),
        (("t",), None),
        (("public", "users"), ["id", '"name"']),
        (("a", "users"), None),
    ],
)
def test_a_name_may_mean_several_tables(path: tuple[str, ...], columns: list[str] | None) -> None:
    """Without its schema, such a name is unknown, and a table of another schema is another table."""
    tables = tables_of(f"{SCHEMA} CREATE TABLE a.t (x int); CREATE TABLE b.t (y int);")
    assert listed_columns(tables, path) == columns


def test_a_script_is_read_by_its_engine() -> None:
    """A function's body is not a table, and a comment of MariaDB is not a column."""
    body = "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1; CREATE TABLE t (b int); $$ LANGUAGE sql;"
    assert ("t",) not in tables_of(body, "postgresql")
    assert tables_of("CREATE TABLE t (a int, # b int,\n c int);", "mariadb") == {("t",): ["a", "c"]}
