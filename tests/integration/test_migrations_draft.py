"""Drafts on every engine: each kind of change is drafted, and leads a database with rows to the schema."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

import pydb
from pydb import Database
from pydb.describe.scratch import existing
from pydb.migrations.check import MigrationInputs, check_migrations
from pydb.migrations.draft import draft
from pydb.migrations.files import read_migrations
from pydb.migrations.replay import schema_fingerprint, without_journal
from tests.harness.migrations import rows, write_migrations

pytestmark = pytest.mark.deep

TABLES = """\
-- People, and what they wrote.
CREATE TABLE p (
    id integer NOT NULL,
    name varchar(20) NOT NULL,
    note varchar(20) NULL DEFAULT 'n',
    -- Years.
    age integer NULL,
    CONSTRAINT p_pkey PRIMARY KEY (id),
    CONSTRAINT p_age_check CHECK (age >= 0)
);

CREATE TABLE c (
    id integer NOT NULL,
    p_id integer NOT NULL,
    body varchar(40) NOT NULL,
    CONSTRAINT c_pkey PRIMARY KEY (id),
    CONSTRAINT c_p_id_fkey FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE
);

CREATE INDEX c_p_id_idx ON c (p_id);

CREATE TABLE old (id integer NOT NULL, CONSTRAINT old_pkey PRIMARY KEY (id));

CREATE VIEW names AS SELECT p.id, p.name FROM p;
"""

TRIGGERS = {
    "sqlite": """
CREATE TRIGGER p_trimmed AFTER INSERT ON p
BEGIN
    UPDATE p SET note = trim(note) WHERE id = new.id;
END;
""",
    "postgresql": """
CREATE FUNCTION trimmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.note := trim(new.note);
    RETURN new;
END
$$;

CREATE TRIGGER p_trimmed BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION trimmed();
""",
    "mariadb": """
CREATE TRIGGER p_trimmed BEFORE INSERT ON p FOR EACH ROW BEGIN
    SET new.note = trim(new.note);
END;
""",
}

ROWS = """\
INSERT INTO p (id, name, note, age) VALUES (1, 'ann', ' a ', 30), (2, 'bob', 'b', 40);
INSERT INTO c (id, p_id, body) VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 2, 'z');
INSERT INTO old (id) VALUES (1);
"""

CHANGES = {
    "add a table": (
        "CREATE VIEW",
        "CREATE TABLE t (\n    id integer NOT NULL,\n    c_id integer NULL,\n    CONSTRAINT t_pkey PRIMARY KEY (id),\n"
        "    CONSTRAINT t_c_id_fkey FOREIGN KEY (c_id) REFERENCES c (id)\n);\n\n"
        "CREATE INDEX t_c_id_idx ON t (c_id);\n\nCREATE VIEW",
    ),
    "drop a table": ("CREATE TABLE old (id integer NOT NULL, CONSTRAINT old_pkey PRIMARY KEY (id));\n", ""),
    "add a column": ("    -- Years.\n", "    phone varchar(20) NULL,\n    -- Years.\n"),
    "add a required column": ("    -- Years.\n", "    points integer NOT NULL DEFAULT 7,\n    -- Years.\n"),
    "drop a column": ("    body varchar(40) NOT NULL,\n", ""),
    "change a type": ("name varchar(20)", "name varchar(60)"),
    "require a value": ("age integer NULL", "age integer NOT NULL"),
    "allow NULL": ("body varchar(40) NOT NULL", "body varchar(40) NULL"),
    "change a default": ("DEFAULT 'n'", "DEFAULT 'none'"),
    "drop a default": (" DEFAULT 'n'", ""),
    "add a check": ("    CONSTRAINT c_pkey", "    CONSTRAINT c_body_check CHECK (body <> ''),\n    CONSTRAINT c_pkey"),
    "change a check": ("age >= 0", "age >= 0 AND age < 150"),
    "add a unique constraint": (
        "    CONSTRAINT p_pkey",
        "    CONSTRAINT p_name_key UNIQUE (name),\n    CONSTRAINT p_pkey",
    ),
    "drop a foreign key": (
        "(id),\n    CONSTRAINT c_p_id_fkey FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE\n",
        "(id)\n",
    ),
    "change a foreign key": ("ON DELETE CASCADE", "ON DELETE RESTRICT"),
    "add an index": ("CREATE TABLE old", "CREATE INDEX p_age_idx ON p (age);\n\nCREATE TABLE old"),
    "change an index": ("INDEX c_p_id_idx ON c (p_id)", "INDEX c_p_id_idx ON c (p_id, body)"),
    "change a view": ("SELECT p.id, p.name FROM p", "SELECT p.id, p.name, p.age FROM p"),
    "drop a view": ("CREATE VIEW names AS SELECT p.id, p.name FROM p;\n", ""),
    "change a trigger": ("trim(", "upper("),
}


@pytest.fixture
def schema(tmp_path: Path, engine_name: str) -> Path:
    """The schema script, which is also the first migration."""
    file = tmp_path / "schema.sql"
    file.write_text(TABLES + TRIGGERS[engine_name])
    write_migrations(tmp_path / "steps", {"0001_first": file.read_text(), "0002_rows": ROWS})
    return file


def apply_draft(url: str, db: Database, engine: str, schema: Path) -> str:
    """Draft, delete the draft's line, and apply the draft to a database with rows; return its text."""
    folder = schema.parent / "steps"
    pydb.migrate(db, folder)
    made = draft(engine, make_url(url), read_migrations(str(folder), engine), str(schema))
    assert made is not None
    assert made.missing == [], made.text
    first, _, text = made.text.partition("\n")
    assert first == "-- pydb: DRAFT: read each statement, correct it, and delete this line."
    write_migrations(folder, {"0003_draft": text})
    assert pydb.migrate(db, folder) == ["0003_draft"]
    with existing(make_url(url)) as session:
        found = without_journal(session.fingerprint())
    assert found == schema_fingerprint(engine, make_url(url), str(schema)), text
    return text


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change(empty_url: str, empty_db: Database, engine_name: str, schema: Path, kind: str) -> None:
    """The draft of one change leads to the schema, and no row of a table that stays is lost."""
    old, new = CHANGES[kind]
    text = schema.read_text()
    assert old in text
    schema.write_text(text.replace(old, new))
    apply_draft(empty_url, empty_db, engine_name, schema)
    assert rows(empty_db, "SELECT count(*) FROM p") == [(2,)]
    assert rows(empty_db, "SELECT id, p_id FROM c ORDER BY id") == [(1, 1), (2, 1), (3, 2)]
    if kind == "add a required column":
        assert rows(empty_db, "SELECT points FROM p") == [(7,), (7,)]


def test_many_changes_at_once(empty_url: str, empty_db: Database, engine_name: str, schema: Path) -> None:
    """Compatible changes are drafted together, and the check then has no findings."""
    text = schema.read_text()
    for kind in CHANGES:
        if kind not in ("drop a foreign key", "drop a view", "drop a column", "drop a default", "change a default"):
            old, new = CHANGES[kind]
            text = text.replace(old, new)
    schema.write_text(text)
    apply_draft(empty_url, empty_db, engine_name, schema)
    inputs = MigrationInputs(str(schema.parent / "steps"), {engine_name: str(schema)}, [make_url(empty_url)])
    assert [finding for finding in check_migrations(inputs).findings if finding.code.startswith("C")] == []
    assert rows(empty_db, "SELECT id, p_id FROM c ORDER BY id") == [(1, 1), (2, 1), (3, 2)]


def test_nothing_to_draft(empty_url: str, engine_name: str, schema: Path) -> None:
    """If the migrations lead to the schema there is no draft; without migrations, the draft is the schema script."""
    migrations = read_migrations(str(schema.parent / "steps"), engine_name)
    assert draft(engine_name, make_url(empty_url), migrations, str(schema)) is None
    made = draft(engine_name, make_url(empty_url), [], str(schema))
    assert made is not None
    assert made.text.endswith(f"\n\n{schema.read_text()}")


@pytest.mark.engines("sqlite")
def test_a_rebuild_keeps_everything(empty_url: str, empty_db: Database, schema: Path) -> None:
    """A rebuilt table keeps its rows, its last key, indexes, triggers, views and cascading children."""
    key = "    id integer NOT NULL CONSTRAINT p_pkey PRIMARY KEY AUTOINCREMENT,\n    boss integer REFERENCES p (id),\n"
    text = schema.read_text().replace("    id integer NOT NULL,\n    name", f"{key}    name")
    text = text.replace("    CONSTRAINT p_pkey PRIMARY KEY (id),\n", "")
    extra = """\
INSERT INTO p (id, name, boss) VALUES (9, 'gone', 1);
DELETE FROM p WHERE id = 9;
"""
    write_migrations(schema.parent / "steps", {"0001_first": text, "0002_rows": ROWS + extra})
    schema.write_text(text.replace("age integer NULL", "age integer NOT NULL DEFAULT 0"))
    written = apply_draft(empty_url, empty_db, "sqlite", schema)
    assert "CREATE TABLE pydb_new_p (\n    id integer NOT NULL CONSTRAINT" in written
    assert "-- Years." in written
    assert rows(empty_db, "SELECT id, name, note, age FROM p ORDER BY id") == [(1, "ann", "a", 30), (2, "bob", "b", 40)]
    assert rows(empty_db, "SELECT count(*) FROM c") == [(3,)]
    with empty_db.begin() as conn:
        conn.exec_driver_sql("INSERT INTO p (name, note, boss) VALUES ('new', ' n ', 2)")
        conn.exec_driver_sql("DELETE FROM p WHERE id = 1")
    assert rows(empty_db, "SELECT id, note FROM p ORDER BY id") == [(2, "b"), (10, "n")]
    assert rows(empty_db, "SELECT id FROM c") == [(3,)]
    assert rows(empty_db, "SELECT id, name FROM names ORDER BY id") == [(2, "bob"), (10, "new")]


def test_what_a_draft_cannot_know(empty_url: str, engine_name: str, schema: Path) -> None:
    """The draft has notes about columns that may have been renamed, and about new columns without values."""
    text = schema.read_text().replace("body varchar(40) NOT NULL", "content varchar(40) NOT NULL")
    schema.write_text(text)
    migrations = read_migrations(str(schema.parent / "steps"), engine_name)
    made = draft(engine_name, make_url(empty_url), migrations[:1], str(schema))
    assert made is not None
    assert made.missing == []
    assert "The values of body are lost." in made.text
    assert "content is NOT NULL and has no default" in made.text
    assert "renamed" in made.text


OF_POSTGRESQL = {
    "schema.sql": """\
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN percent AS integer CONSTRAINT percent_check CHECK (value BETWEEN 0 AND 100);
CREATE SEQUENCE numbers AS bigint START WITH 10;
CREATE FUNCTION twice(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT n * 3';
CREATE TABLE "order" (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT order_pkey PRIMARY KEY,
    "Name" varchar(40) COLLATE "C" NOT NULL DEFAULT 'a',
    mood mood NULL,
    share percent NULL,
    counted bigserial NOT NULL,
    doubled bigint GENERATED ALWAYS AS (id * 2) STORED
);
CREATE TABLE app.items (id bigint NOT NULL CONSTRAINT items_pkey PRIMARY KEY, a text NULL);
CREATE INDEX items_a_idx ON app.items (lower(a)) WHERE a IS NOT NULL;
CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM "order";
CREATE VIEW one AS SELECT id, "Name" FROM "order";
CREATE VIEW two AS SELECT id FROM one;
""",
    "0001_first": """\
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE gone AS ENUM ('x');
CREATE DOMAIN percent AS integer CONSTRAINT percent_check CHECK (value >= 0);
CREATE SEQUENCE numbers AS integer;
CREATE FUNCTION twice(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE FUNCTION unused() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE "order" (
    id integer GENERATED BY DEFAULT AS IDENTITY CONSTRAINT order_pkey PRIMARY KEY,
    "Name" varchar(20) NULL,
    mood mood NULL
);
CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n, 1 AS m FROM "order";
CREATE VIEW one AS SELECT id, "Name" FROM "order";
CREATE VIEW two AS SELECT id FROM one;
INSERT INTO "order" ("Name") VALUES ('a'), ('b');
""",
}


@pytest.mark.engines("postgresql")
def test_what_only_postgresql_has(empty_url: str, empty_db: Database, tmp_path: Path) -> None:
    """Schemas, enums, domains, sequences, identities, generated columns, functions and views on views are drafted."""
    schema = tmp_path / "schema.sql"
    schema.write_text(OF_POSTGRESQL["schema.sql"])
    write_migrations(tmp_path / "steps", {"0001_first": OF_POSTGRESQL["0001_first"]})
    apply_draft(empty_url, empty_db, "postgresql", schema)
    assert rows(empty_db, 'SELECT id, "Name", counted, doubled FROM "order" ORDER BY id') == [
        (1, "a", 1, 2),
        (2, "b", 2, 4),
    ]


SEVERAL_SCHEMAS = """\
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE a.mood AS ENUM ('ok', 'bad');
CREATE TABLE a.items (id integer PRIMARY KEY, name text NOT NULL, m a.mood);
CREATE TABLE b.items (id integer PRIMARY KEY, other numeric(10, 2) DEFAULT 1);
CREATE VIEW a.v AS SELECT id FROM a.items;
CREATE VIEW b.v AS SELECT id, other FROM b.items;
CREATE INDEX items_idx ON a.items (name);
CREATE INDEX items_idx ON b.items (other);
CREATE TABLE "Mixed Case" ("Id" bigint PRIMARY KEY, "order" text,
    g text GENERATED ALWAYS AS (upper("order")) STORED);
"""

LATER = (
    SEVERAL_SCHEMAS.replace("('ok', 'bad')", "('ok', 'it''s, so', 'bad')")
    .replace("(10, 2) DEFAULT 1", "(12, 2) NOT NULL DEFAULT 2")
    .replace("SELECT id FROM a.items", "SELECT id, name FROM a.items")
    .replace("(other)", "(other DESC)")
    .replace('"order" text', '"order" varchar(20) NOT NULL')
    + """\
CREATE EXTENSION pg_trgm;
CREATE SEQUENCE b.numbers;
CREATE TYPE b.address AS (street text, "No" integer);
CREATE TABLE a.extra (id bigserial PRIMARY KEY, x text);
CREATE TABLE b.extra (id integer PRIMARY KEY, item integer CONSTRAINT extra_item_fkey REFERENCES b.items (id));
CREATE INDEX extra_x_idx ON a.extra USING gin (x gin_trgm_ops);
ALTER TABLE b.items ADD COLUMN n bigserial;
CREATE VIEW b.own WITH (security_invoker = true) AS SELECT id FROM b.items;
CREATE TABLE parts (id integer, k integer) PARTITION BY RANGE (k);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
CREATE INDEX parts_k_idx ON parts (k);
CREATE FUNCTION same() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER kept BEFORE INSERT ON a.extra FOR EACH ROW EXECUTE FUNCTION same();
CREATE TRIGGER kept BEFORE INSERT ON b.items FOR EACH ROW EXECUTE FUNCTION same();
ALTER TABLE a.extra DISABLE TRIGGER kept;
CREATE POLICY seen ON a.items USING (true);
CREATE POLICY seen ON b.items FOR SELECT USING (id > 0);
CREATE RULE nothing AS ON DELETE TO b.items DO INSTEAD NOTHING;
ALTER TABLE a.items ENABLE ROW LEVEL SECURITY;
ALTER TABLE b.items SET (fillfactor = 70);
ALTER TABLE "Mixed Case" SET UNLOGGED;
"""
)


@pytest.mark.engines("postgresql")
def test_tables_of_one_name_in_several_schemas(empty_url: str, empty_db: Database, tmp_path: Path) -> None:
    """Policies, rules, row level security, extensions and partitions are drafted, each for the table of its schema."""
    schema = tmp_path / "schema.sql"
    schema.write_text(LATER)
    write_migrations(tmp_path / "steps", {"0001_first": SEVERAL_SCHEMAS})
    text = apply_draft(empty_url, empty_db, "postgresql", schema)
    assert "refuses" not in text
    # And in the other direction: an enum cannot lose a label, and other objects may need an extension.
    schema.write_text(SEVERAL_SCHEMAS.replace("('ok', 'bad')", "('ok', 'it''s, so', 'bad')"))
    write_migrations(tmp_path / "back", {"0001_first": LATER})
    made = draft("postgresql", make_url(empty_url), read_migrations(str(tmp_path / "back"), "postgresql"), str(schema))
    assert made is not None
    assert (made.missing, "refuses" in made.text) == ([], False), made.text


OF_MARIADB = {
    "schema.sql": """\
CREATE TABLE a (
    id bigint NOT NULL AUTO_INCREMENT,
    b varchar(40) NOT NULL,
    c integer GENERATED ALWAYS AS (char_length(b)) STORED,
    d integer AS (`order` * 2) STORED,
    `order` integer NOT NULL DEFAULT 1 CHECK (`order` > 0),
    settings json NOT NULL DEFAULT '{}',
    CONSTRAINT a_pkey PRIMARY KEY (id, b),
    FULLTEXT KEY a_b_text (b)
) ENGINE = InnoDB COMMENT = 'new' DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE FUNCTION twice(n integer) RETURNS integer DETERMINISTIC RETURN n * 3;
CREATE PROCEDURE fill() BEGIN INSERT INTO a (b) VALUES ('x'); INSERT INTO a (b) VALUES ('y;z'); END;
CREATE VIEW v AS SELECT id, b FROM a;
CREATE VIEW w AS SELECT id FROM v;
CREATE TABLE parts (id integer NOT NULL, k integer NOT NULL, PRIMARY KEY (id, k))
PARTITION BY RANGE (k) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));
CREATE TABLE whole (id integer NOT NULL PRIMARY KEY);
CREATE SEQUENCE numbers INCREMENT BY 5;
CREATE EVENT `old rows` ON SCHEDULE EVERY 2 DAY DO DELETE FROM parts WHERE k < 0;
""",
    "0001_first": """\
CREATE TABLE parts (id integer NOT NULL, k integer NOT NULL, PRIMARY KEY (id, k))
PARTITION BY RANGE (k) (PARTITION p0 VALUES LESS THAN (10));
CREATE TABLE whole (id integer NOT NULL PRIMARY KEY)
PARTITION BY HASH (id) PARTITIONS 2;
CREATE SEQUENCE numbers;
CREATE SEQUENCE gone;
CREATE EVENT `old rows` ON SCHEDULE EVERY 1 DAY DO DELETE FROM parts WHERE k < 0;
CREATE TABLE a (
    id integer NOT NULL,
    b varchar(20) NOT NULL,
    d integer AS (id * 2) VIRTUAL,
    CONSTRAINT a_pkey PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE FUNCTION twice(n integer) RETURNS integer DETERMINISTIC RETURN n * 2;
CREATE VIEW v AS SELECT id FROM a;
CREATE VIEW w AS SELECT id FROM v;
INSERT INTO a (id, b) VALUES (1, 'one'), (2, 'two');
""",
}


@pytest.mark.engines("mariadb")
def test_what_only_mariadb_has(empty_url: str, empty_db: Database, tmp_path: Path) -> None:
    """AUTO_INCREMENT, generated columns, comments, routines, partitions, sequences and events are drafted."""
    schema = tmp_path / "schema.sql"
    schema.write_text(OF_MARIADB["schema.sql"])
    write_migrations(tmp_path / "steps", {"0001_first": OF_MARIADB["0001_first"]})
    text = apply_draft(empty_url, empty_db, "mariadb", schema)
    assert "DELIMITER //\nCREATE PROCEDURE fill()" in text
    assert rows(empty_db, "SELECT id, b, c FROM a ORDER BY id") == [(1, "one", 3), (2, "two", 3)]


OF_SQLITE = {
    "schema.sql": """\
CREATE TABLE "order" (
    id integer PRIMARY KEY,
    [a b] text NOT NULL DEFAULT 'x''y' COLLATE NOCASE,
    n integer NOT NULL,
    double integer GENERATED ALWAYS AS (n * 2) VIRTUAL,
    parent integer REFERENCES "order" (id) ON DELETE CASCADE,
    CHECK ("order".n >= 0)
) STRICT;
CREATE TABLE pair (a integer NOT NULL, b integer NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE UNIQUE INDEX order_n ON "order" (n) WHERE n > 1;
CREATE VIEW v AS SELECT id, n FROM "order";
CREATE VIEW w AS SELECT id FROM v;
CREATE TRIGGER on_pair AFTER INSERT ON pair BEGIN UPDATE "order" SET n = n + 1; END;
CREATE TRIGGER on_order AFTER DELETE ON "order" BEGIN DELETE FROM pair WHERE a = old.id; END;
CREATE VIRTUAL TABLE words USING fts5 (title, body);
""",
    "0001_first": """\
CREATE TABLE "order" (id integer PRIMARY KEY, [a b] text, n integer NOT NULL, parent integer);
CREATE TABLE pair (a integer NOT NULL, b integer NOT NULL);
CREATE VIEW v AS SELECT id, n FROM "order";
CREATE VIEW w AS SELECT id FROM v;
CREATE TRIGGER on_pair AFTER INSERT ON pair BEGIN UPDATE "order" SET n = n + 1; END;
CREATE TRIGGER on_order AFTER DELETE ON "order" BEGIN DELETE FROM pair WHERE a = old.id; END;
CREATE VIRTUAL TABLE words USING fts5 (title);
INSERT INTO "order" (id, [a b], n, parent) VALUES (1, 'one', 1, NULL), (2, 'two', 2, 1);
INSERT INTO pair VALUES (1, 1), (2, 2);
""",
}


@pytest.mark.engines("sqlite")
def test_what_only_sqlite_has(empty_url: str, empty_db: Database, tmp_path: Path) -> None:
    """Reserved names, STRICT, WITHOUT ROWID, generated columns, a self-reference and triggers are drafted."""
    schema = tmp_path / "schema.sql"
    schema.write_text(OF_SQLITE["schema.sql"])
    write_migrations(tmp_path / "steps", {"0001_first": OF_SQLITE["0001_first"]})
    apply_draft(empty_url, empty_db, "sqlite", schema)
    found = 'SELECT id, "a b", n, double, parent FROM "order" ORDER BY id'
    assert rows(empty_db, found) == [(1, "one", 3, 6, None), (2, "two", 4, 8, 1)]
    assert rows(empty_db, "SELECT * FROM pair") == [(1, 1), (2, 2)]
    with empty_db.begin() as conn:
        conn.exec_driver_sql('DELETE FROM "order" WHERE id = 1')
    assert rows(empty_db, "SELECT * FROM pair") == []
