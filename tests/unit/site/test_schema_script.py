"""The contents of a schema script that the catalogue lacks: definitions, comments and lines."""

from pathlib import Path

from pydb.site.schema_script import ScriptTables, read_schema_script
from tests.harness.sites import SCHEMA


def script(folder: Path, text: str, engine: str = "sqlite") -> ScriptTables:
    """The script with that text."""
    file = folder / "schema.sql"
    file.write_text(text)
    return read_schema_script(str(file), engine)


def test_a_table(tmp_path: Path) -> None:
    """A table has the comment above it, its line, and its columns with their comments."""
    table = script(tmp_path, SCHEMA).table("customers")
    assert table is not None
    assert (table.comment, table.line) == ("People who buy.", 2)
    assert {name: part.comment for name, part in table.columns.items()} == {
        "id": "",
        "name": "What they are called.",
        "email": "Where the invoice goes.",
    }
    assert (table.columns["name"].default, table.columns["name"].line) == ("'nobody'", 5)


def test_constraints(tmp_path: Path) -> None:
    """A constraint has its kind, its columns and the comment above it, also in a column."""
    table = script(tmp_path, SCHEMA).table("customers")
    assert table is not None
    assert [(part.kind, part.name, part.columns, part.comment) for part in table.constraints] == [
        ("primary key", "customers_pkey", ("id",), ""),
        ("unique", "customers_name_key", ("name",), "For customers.by_name."),
        ("check", "customers_name_check", (), ""),
    ]


def test_an_index(tmp_path: Path) -> None:
    """An index belongs to its table, with the comment above it."""
    table = script(tmp_path, SCHEMA).table("orders")
    assert table is not None
    (index,) = table.indexes
    assert (index.name, index.columns, index.comment) == (
        *("orders_customer_id_idx", ("customer_id",), "For orders.of_customer."),
    )


def test_columns_named_like_constraints(tmp_path: Path) -> None:
    """A column may be named with a word that begins an index."""
    table = script(tmp_path, "CREATE TABLE a (key text NOT NULL, index integer, UNIQUE (key));").table("a")
    assert table is not None
    assert list(table.columns) == ["key", "index"]
    assert [(part.kind, part.columns) for part in table.constraints] == [("unique", ("key",))]
    assert table.indexes == ()


def test_a_heading_is_no_comment(tmp_path: Path) -> None:
    """A comment with an empty line below it belongs to the file, and text in a string is not a comment."""
    text = "-- Accounts\n\nCREATE TABLE a (x text DEFAULT '\n-- no comment\n', y text);\n"
    table = script(tmp_path, text).table("a")
    assert table is not None
    assert table.comment == ""
    assert table.columns["y"].comment == ""


def test_constraints_without_a_name(tmp_path: Path) -> None:
    """Keys and references in a column without CONSTRAINT are included."""
    table = script(
        tmp_path, "CREATE TABLE a (x integer PRIMARY KEY, y integer UNIQUE REFERENCES b (z), w integer CHECK (w > 0));"
    ).table("a")
    assert table is not None
    assert [(part.kind, part.name, part.text) for part in table.constraints] == [
        ("primary key", "", "PRIMARY KEY"),
        ("unique", "", "UNIQUE"),
        ("foreign key", "", "REFERENCES b (z)"),
        ("check", "", "CHECK (w > 0)"),
    ]


def test_alter_table(tmp_path: Path) -> None:
    """Constraints of ALTER TABLE, as in pg_dump's output, belong to the table; COMMENT ON is a comment."""
    text = """CREATE TABLE public.a (x integer, "Y" text);
ALTER TABLE ONLY public.a
    ADD CONSTRAINT a_pkey PRIMARY KEY (x);
COMMENT ON TABLE public.a IS 'It''s a.';
COMMENT ON COLUMN public.a."Y" IS 'why';
"""
    table = script(tmp_path, text, "postgresql").table("a")
    assert table is not None
    assert [(part.name, part.columns) for part in table.constraints] == [("a_pkey", ("x",))]
    assert (table.comment, table.columns["y"].comment) == ("It's a.", "why")


def test_keys_inside_of_a_table(tmp_path: Path) -> None:
    """MariaDB's KEY in a table is an index, and COMMENT in a column is its comment."""
    text = "CREATE TABLE a (x integer COMMENT 'the x', KEY a_x_idx (x), FULLTEXT KEY words (x));"
    table = script(tmp_path, text, "mariadb").table("a")
    assert table is not None
    assert [(part.name, part.columns) for part in table.indexes] == [("a_x_idx", ("x",)), ("words", ("x",))]
    assert table.columns["x"].comment == "the x"


def test_triggers_and_views(tmp_path: Path) -> None:
    """A trigger belongs to its table; a view is a separate table."""
    text = "CREATE TABLE a (x);\nCREATE VIEW v AS SELECT x FROM a;\n-- Keeps a.\n"
    text += "CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1; END;\n"
    found = script(tmp_path, text)
    assert found.tables["v"].kind == "view"
    assert [(part.name, part.comment) for part in found.tables["a"].triggers] == [("t", "Keeps a.")]


def test_tables_of_one_name_in_several_schemas(tmp_path: Path) -> None:
    """Each table has the comments, indexes and constraints of its own schema, also with a name of the search path."""
    text = """CREATE TABLE a.items (id bigserial PRIMARY KEY);
CREATE TABLE "B".items (id integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE public.items (id integer, twice integer GENERATED ALWAYS AS (id * 2) STORED);
CREATE MATERIALIZED VIEW a.totals AS SELECT 1;
CREATE INDEX b_idx ON "B".items (id);
ALTER TABLE "B".items ADD CONSTRAINT b_check CHECK (id > 0);
COMMENT ON TABLE a.items IS $$It's a.$$;
COMMENT ON COLUMN "B".items.id IS E'of b';
COMMENT ON MATERIALIZED VIEW a.totals IS 'all';
"""
    found = script(tmp_path, text, "postgresql")
    ours, theirs, public, totals = (found.table(name) for name in ("a.items", "B.items", "items", "totals"))
    assert ours is not None
    assert theirs is not None
    assert public is not None
    assert totals is not None
    assert (ours.comment, ours.columns["id"].counter, ours.indexes) == ("It's a.", "bigserial", ())
    assert (theirs.columns["id"].comment, theirs.columns["id"].counter) == ("of b", "identity")
    assert [part.name for part in (*theirs.indexes, *theirs.constraints)] == ["b_idx", "b_check"]
    assert (public.columns["twice"].default, public.comment, totals.comment) == ("AS (id * 2)", "", "all")
    assert found.table("c.items") is None


def test_the_comment_of_a_table_of_mariadb(tmp_path: Path) -> None:
    """COMMENT after the columns is the table's comment."""
    text = "CREATE TABLE a (x integer AUTO_INCREMENT COMMENT 'the x') ENGINE=InnoDB COMMENT='It''s a';"
    table = script(tmp_path, text, "mariadb").table("a")
    assert table is not None
    assert (table.comment, table.columns["x"].comment) == ("It's a", "the x")
    assert table.columns["x"].counter == "auto_increment"
