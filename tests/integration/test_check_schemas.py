"""``pydb check`` finds differences between schemas, and between a schema and a live database, at their lines."""

import re
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, make_url

import pydb
from pydb.check import Inputs, check
from pydb.engines import engine_of_dialect
from pydb.errors import PydbError

FOLDER = Path(__file__).parent / "schemas"
SQL = str(FOLDER / "sql")
SCHEMAS = {
    "sqlite": str(FOLDER / "schema.sql"),
    "postgresql": f"{SQL}/postgresql/schema.sql",
    "mariadb": f"{SQL}/mariadb/schema.sql",
}


def expected(engine: str) -> Counter[tuple[str, int, str]]:
    """The marks at the ends of the schemas' lines, as file, line and code, for one server and SQLite."""
    found: Counter[tuple[str, int, str]] = Counter()
    for file in (SCHEMAS["sqlite"], SCHEMAS[engine]):
        for number, line in enumerate(Path(file).read_text().splitlines(), 1):
            for code in re.findall(rf"(C\d+) {engine}\b", line.partition("-- Expect")[2]):
                found[file, number, code] += 1
    return found


@pytest.mark.engines("postgresql", "mariadb")
def test_schemas_that_disagree(engine_name: str, empty_url: str) -> None:
    """Every planted difference between SQLite's schema and a server's is found at its line, and no other."""
    report = check(Inputs(SQL, SCHEMAS, [make_url(empty_url)]))
    found = Counter((finding.file, finding.line, finding.code) for finding in report.findings)
    wanted = expected(engine_name)
    assert (found - wanted, wanted - found) == (Counter(), Counter())


def scratch_names(url: URL) -> list[str]:
    """The names of the scratch databases on a server."""
    queries = {"postgresql": "SELECT datname FROM pg_database", "mariadb": "SHOW DATABASES"}
    with pydb.Database(url) as database, database.read() as conn:
        names = conn.exec_driver_sql(queries[engine_of_dialect(url.get_backend_name())]).scalars()
        return [name for name in names if name.startswith("pydb_check_")]


@pytest.mark.engines("postgresql", "mariadb")
def test_scratch_databases_are_dropped(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """No scratch database is left behind, even if the schema is refused halfway."""
    broken = tmp_path / "schema.sql"
    broken.write_text("CREATE TABLE fine (id integer);\nCREATE TABLE broken (id nosuchtype);\n")
    url = make_url(empty_url)
    before = set(scratch_names(url))
    check(Inputs(SQL, SCHEMAS, [url]))
    report = check(Inputs(SQL, {**SCHEMAS, engine_name: str(broken)}, [url]))
    assert [(item.code, item.file, item.line) for item in report.findings] == [("C507", str(broken), 2)]
    assert any("refused" in item for item in report.unchecked)
    # Checks of other workers use the same server at the same time.
    left = set(scratch_names(url)) - before
    assert len(left) <= 1


def test_refused_schema(tmp_path: Path) -> None:
    """A schema that SQLite refuses is a finding at the line of the statement, and the statements are not checked."""
    schema = tmp_path / "schema.sql"
    schema.write_text("CREATE TABLE a (id integer);\n\nCREATE TABLE a (id integer);\n")
    report = check(Inputs(SQL, {"sqlite": str(schema)}))
    assert [(item.code, item.line) for item in report.findings] == [("C507", 3)]
    assert not report.proven


DRIFTED: dict[str, tuple[str, str, set[tuple[str, str]]]] = {
    "sqlite": (
        """
CREATE TABLE a (id integer NOT NULL PRIMARY KEY, kept text, gone text, retyped integer, renamed text,
    b integer DEFAULT 1, g integer GENERATED ALWAYS AS (b + 1),
    CONSTRAINT a_b_check CHECK (b > 0), CONSTRAINT a_old_check CHECK (id > 0));
CREATE TABLE dropped (id integer NOT NULL PRIMARY KEY);
CREATE INDEX a_b_idx ON a (b) WHERE b > 5;
CREATE INDEX a_gone_idx ON a (kept);
CREATE VIEW v AS SELECT id FROM a;
CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a WHERE id < 0; END;
""",
        """
CREATE TABLE "a" (id integer NOT NULL PRIMARY KEY,   kept text /* same */, retyped text, named text,
    b integer DEFAULT 2, g integer GENERATED ALWAYS AS (b + 2),
    CONSTRAINT a_b_check CHECK (b > 1), CONSTRAINT a_new_check CHECK (id > 0));
CREATE TABLE added (id integer NOT NULL PRIMARY KEY);
CREATE INDEX a_b_idx ON a (b) WHERE b > 6;
CREATE INDEX a_new_idx ON a (kept);
CREATE VIEW v AS SELECT id, b FROM a;
CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a WHERE id < 1; END;
""",
        {
            *(("C601", name) for name in ("column a.gone", "column a.renamed", "constraint a.a_old_check")),
            *(("C601", name) for name in ("table dropped", "column dropped.id", "index a_gone_idx")),
            *(("C602", name) for name in ("column a.retyped", "column a.b", "column a.g", "constraint a.a_b_check")),
            *(("C602", name) for name in ("index a_b_idx", "view v", "trigger t of a")),
            *(("C603", name) for name in ("column a.named", "constraint a.a_new_check", "table added")),
            *(("C603", name) for name in ("column added.id", "index a_new_idx")),
        },
    ),
    "postgresql": (
        """
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100);
CREATE TABLE a (id integer PRIMARY KEY, kept text, gone text, retyped integer, b integer DEFAULT 1, n integer NOT NULL,
    g integer GENERATED ALWAYS AS (id + 1) STORED, m mood, CONSTRAINT a_b_check CHECK (b > 0),
    CONSTRAINT a_old_check CHECK (id > 0));
CREATE TABLE c (id integer PRIMARY KEY, a_id integer CONSTRAINT c_a_id_fkey REFERENCES a (id) ON DELETE CASCADE);
CREATE INDEX a_b_idx ON a (b) WHERE b > 5;
CREATE UNIQUE INDEX a_gone_idx ON a (kept);
CREATE VIEW v AS SELECT id FROM a;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
CREATE SEQUENCE s START 1;
""",
        """
CREATE TYPE mood AS ENUM ('glad', 'sad', 'mad');
CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 99);
CREATE TABLE a (id integer PRIMARY KEY, kept text, retyped text, named text, b integer DEFAULT 2, n integer,
    g integer GENERATED ALWAYS AS (id + 2) STORED, m mood, CONSTRAINT a_b_check CHECK (b > 1),
    CONSTRAINT a_new_check CHECK (id > 0));
CREATE TABLE c (id integer PRIMARY KEY, a_id integer CONSTRAINT c_a_id_fkey REFERENCES a (id));
CREATE INDEX a_b_idx ON a (b) WHERE b > 6;
CREATE UNIQUE INDEX a_new_idx ON a (kept);
CREATE VIEW v AS SELECT id, b FROM a;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
CREATE SEQUENCE s START 2;
""",
        {
            *(("C601", name) for name in ("column a.gone", "constraint a_old_check of a", "index a_gone_idx")),
            *(("C602", name) for name in ("column a.retyped", "column a.b", "column a.g", "column a.n")),
            *(("C602", name) for name in ("constraint a_b_check of a", "constraint c_a_id_fkey of c", "index a_b_idx")),
            *(("C602", name) for name in ("view v", "trigger t of a", "function f()", "sequence s", "enum mood")),
            *(("C602", name) for name in ("constraint percent_check of domain percent",)),
            *(("C603", name) for name in ("column a.named", "constraint a_new_check of a", "index a_new_idx")),
        },
    ),
    "mariadb": (
        """
CREATE TABLE a (id integer PRIMARY KEY, kept varchar(20), gone text, retyped integer, b integer DEFAULT 1,
    n integer NOT NULL, g integer GENERATED ALWAYS AS (n + 1), m enum('glad', 'sad'),
    CONSTRAINT a_b_check CHECK (b > 0), CONSTRAINT a_old_check CHECK (kept <> ''), KEY a_gone_idx (kept));
CREATE TABLE c (id integer PRIMARY KEY, a_id integer, CONSTRAINT c_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id)
    ON DELETE CASCADE);
CREATE TABLE d (id integer PRIMARY KEY) ENGINE = InnoDB;
CREATE VIEW v AS SELECT id FROM a;
CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1;
CREATE FUNCTION f() RETURNS integer DETERMINISTIC RETURN 1;
""",
        """
CREATE TABLE a (id integer PRIMARY KEY, kept varchar(20), retyped text, named text, b integer DEFAULT 2, n integer,
    g integer GENERATED ALWAYS AS (n + 2), m enum('glad', 'sad', 'mad'), CONSTRAINT a_b_check CHECK (b > 1),
    CONSTRAINT a_new_check CHECK (kept <> ''), KEY a_new_idx (kept));
CREATE TABLE c (id integer PRIMARY KEY, a_id integer, CONSTRAINT c_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id));
CREATE TABLE d (id integer PRIMARY KEY) ENGINE = Aria;
CREATE VIEW v AS SELECT id, b FROM a;
CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 2;
CREATE FUNCTION f() RETURNS integer DETERMINISTIC RETURN 2;
""",
        {
            *(("C601", name) for name in ("column a.gone", "constraint a.a_old_check", "key a.a_gone_idx")),
            *(("C602", name) for name in ("column a.retyped", "column a.b", "column a.g", "column a.n", "column a.m")),
            *(("C602", name) for name in ("constraint a.a_b_check", "constraint c.c_a_id_fkey", "table d", "view v")),
            *(("C602", name) for name in ("trigger t of a", "function f")),
            *(("C603", name) for name in ("column a.named", "constraint a.a_new_check", "key a.a_new_idx")),
        },
    ),
}
"""For each engine: its schema, the database as it became, and what of it is found."""


def test_drift(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """A live database is compared with its schema in each detail; equal things with different spellings are equal."""
    schema, database, wanted = DRIFTED[engine_name]
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "a.sql").write_text("-- name: all_kept :many scalar\nSELECT kept\nFROM a;\n")
    script = tmp_path / "schema.sql"
    (tmp_path / "database.sql").write_text(database)
    script.write_text(schema)
    with pydb.Database(empty_url) as live:
        live.apply(tmp_path / "database.sql")
    inputs = Inputs(str(tmp_path / "sql"), {engine_name: str(script)}, [make_url(empty_url)], live=True)
    report = check(inputs)
    assert {item.code for item in report.findings} == {"C601", "C602", "C603"}
    found = {
        (item.code, re.sub(r"^the (?:database|schema) has no | differs$", "", item.message)) for item in report.findings
    }
    assert (found - wanted, wanted - found) == (set(), set())
    assert all(item.hint for item in report.findings)


def test_no_drift(engine_name: str, sample_url: str) -> None:
    """The sample's database, created by its schema script, has no drift, and its statements are proven on it."""
    project = Path(pydb.__file__).parent.parent
    schemas = {
        "sqlite": str(project / "schema.sql"),
        "postgresql": str(project / "sql" / "postgresql" / "schema.sql"),
        "mariadb": str(project / "sql" / "mariadb" / "schema.sql"),
    }
    report = check(Inputs(str(project / "sql"), schemas, [make_url(sample_url)], live=True))
    assert report.findings == ()
    assert list(report.proven.values()) == [report.statements]


def test_live_database_that_is_not_there(tmp_path: Path) -> None:
    """A SQLite file that does not exist is not created, and the error says what to do."""
    url = make_url(f"sqlite:///{tmp_path / 'missing.db'}")
    with pytest.raises(PydbError, match=r"missing.db cannot be opened.*hint: create it first"):
        check(Inputs(SQL, SCHEMAS, [url], live=True))
    assert not (tmp_path / "missing.db").exists()
