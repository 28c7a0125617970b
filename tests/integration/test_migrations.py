"""Migrations on every engine: applied once and in order, refused after a change, resumed after a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

import pydb
from pydb import Database
from pydb.errors import MigrationError, SqlFileError
from pydb.migrations.files import Migration
from pydb.migrations.progress import Progress
from pydb.migrations.runner import migrate_down
from tests.harness.migrations import journal, rows, write_migrations

FIRST = "CREATE TABLE t (id integer NOT NULL PRIMARY KEY, a varchar(20) NOT NULL);\n"
SECOND = """\
-- Rows first, then a column.
INSERT INTO t (id, a) VALUES (1, 'a;b %s');
ALTER TABLE t ADD COLUMN b integer NULL;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two migrations."""
    return write_migrations(tmp_path / "migrations", {"0001_first": FIRST, "0002_second": SECOND})


def test_applied_once(empty_db: Database, folder: Path) -> None:
    """Pending migrations are applied in order, and a second call applies nothing."""
    assert pydb.migrate(empty_db, folder, to=1) == ["0001_first"]
    assert pydb.migrate(empty_db, folder) == ["0002_second"]
    assert pydb.migrate(empty_db, folder) == []
    assert journal(empty_db) == [(1, "0001_first", 1, 1, 1), (2, "0002_second", 2, 2, 1)]
    assert rows(empty_db, "SELECT id, a, b FROM t") == [(1, "a;b %s", None)]


def test_an_engines_own_form(empty_db: Database, engine_name: str, tmp_path: Path) -> None:
    """An engine reads the file in its own folder instead of the shared one, and also a file without a shared one."""
    folder = write_migrations(
        tmp_path,
        {
            "0001_first": "CREATE TABLE shared (id integer);",
            f"{engine_name}/0001_first": "CREATE TABLE own (id integer);",
            f"{engine_name}/0002_more": "INSERT INTO own VALUES (1);",
        },
    )
    assert pydb.migrate(empty_db, folder) == ["0001_first", "0002_more"]
    assert rows(empty_db, "SELECT id FROM own") == [(1,)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"0001_first": FIRST + "CREATE TABLE u (id integer);"}, "0001_first.sql: the file was changed after it was"),
        ({"0003_late": "SELECT 1;", "0005_x": "SELECT 1;"}, None),
    ],
)
def test_an_edited_file(empty_db: Database, folder: Path, change: dict[str, str], message: str | None) -> None:
    """A file that was changed after it was applied is refused by name; a new file is accepted."""
    pydb.migrate(empty_db, folder)
    write_migrations(folder, change)
    if message is None:
        assert pydb.migrate(empty_db, folder) == list(change)
        return
    with pytest.raises(MigrationError, match=message):
        pydb.migrate(empty_db, folder)
    assert len(journal(empty_db)) == 2


def test_a_late_file(empty_db: Database, folder: Path) -> None:
    """A new file with a lower number than an applied one is refused."""
    write_migrations(folder, {"0005_fifth": "CREATE TABLE u (id integer);"})
    pydb.migrate(empty_db, folder)
    write_migrations(folder, {"0003_x": "CREATE TABLE v (id integer);"})
    with pytest.raises(MigrationError, match=r"0003_x.sql comes before 0005, which is applied"):
        pydb.migrate(empty_db, folder)


def test_a_renumbered_file(empty_db: Database, folder: Path) -> None:
    """A file that was renumbered after it was applied is refused with its old name."""
    pydb.migrate(empty_db, folder)
    (folder / "0002_second.sql").rename(folder / "0003_second.sql")
    with pytest.raises(MigrationError, match=r"0002_second.sql was renumbered after it was applied"):
        pydb.migrate(empty_db, folder)


def test_a_comment_may_change(empty_db: Database, folder: Path) -> None:
    """Comments between statements do not belong to the applied text."""
    pydb.migrate(empty_db, folder)
    write_migrations(folder, {"0001_first": f"-- Why it is so.\n{FIRST}"})
    assert pydb.migrate(empty_db, folder) == []


FAILING = """\
CREATE TABLE one (id integer NOT NULL PRIMARY KEY);
INSERT INTO one (id) VALUES (1);
INSERT INTO one (id) VALUES (1);
CREATE TABLE two (id integer);
"""


def test_a_failure_in_the_third_of_four_statements(empty_db: Database, engine_name: str, folder: Path) -> None:
    """The error has the file, the line and what is kept; after a correction, the migration continues from there."""
    write_migrations(folder, {"0003_third": FAILING})
    with pytest.raises(MigrationError) as caught:
        pydb.migrate(empty_db, folder)
    assert str(caught.value).startswith(f"{folder}/0003_third.sql:3: ")
    kept = (
        "the changes of statements 1 to 2 of 4 are kept"
        if engine_name == "mariadb"
        else "no change of this file is kept"
    )
    assert kept in str(caught.value)
    expected = [(3, "0003_third", 4, 2, 0)] if engine_name == "mariadb" else []
    assert journal(empty_db)[2:] == expected
    write_migrations(folder, {"0003_third": FAILING.replace("(1);\nCREATE", "(2);\nCREATE")})
    assert pydb.migrate(empty_db, folder) == ["0003_third"]
    assert rows(empty_db, "SELECT id FROM one ORDER BY id") == [(1,), (2,)]
    assert rows(empty_db, "SELECT count(*) FROM two") == [(0,)]
    assert pydb.migrate(empty_db, folder) == []


@pytest.mark.engines("mariadb")
def test_what_is_done_is_not_to_change(empty_db: Database, folder: Path) -> None:
    """In a partly applied migration, the checksum includes the finished statements."""
    write_migrations(folder, {"0003_third": FAILING})
    with pytest.raises(MigrationError):
        pydb.migrate(empty_db, folder)
    write_migrations(folder, {"0003_third": FAILING.replace("VALUES (1)", "VALUES (7)")})
    with pytest.raises(MigrationError, match="changed in its first 2 statements, which are applied"):
        pydb.migrate(empty_db, folder)


@pytest.mark.engines("mariadb")
def test_settings_are_made_again(empty_db: Database, folder: Path) -> None:
    """A continued run repeats the settings of the session that the file has made before."""
    text = "SET @n = 7;\nCREATE TABLE one (n integer NOT NULL PRIMARY KEY);\nINSERT INTO nowhere VALUES (@n);\n"
    write_migrations(folder, {"0003_third": text})
    with pytest.raises(MigrationError, match="the changes of statements 1 to 2 of 3 are kept"):
        pydb.migrate(empty_db, folder)
    write_migrations(folder, {"0003_third": text.replace("nowhere", "one")})
    assert pydb.migrate(empty_db, folder) == ["0003_third"]
    assert rows(empty_db, "SELECT n FROM one") == [(7,)]


def test_settings_end_with_their_file(empty_db: Database, engine_name: str, folder: Path) -> None:
    """The settings that a file makes in its session are not kept for the next file or for the pool."""
    setting = {
        "sqlite": ("PRAGMA recursive_triggers = ON;", "SELECT recursive_triggers FROM pragma_recursive_triggers"),
        "postgresql": ("SET search_path TO pg_catalog;", "SELECT current_setting('search_path') = 'pg_catalog'"),
        "mariadb": ("SET SESSION sql_mode = '';", "SELECT @@sql_mode = ''"),
    }
    statement, query = setting[engine_name]
    write_migrations(folder, {"0003_third": statement, "0004_fourth": "CREATE TABLE u (id integer);"})
    assert len(pydb.migrate(empty_db, folder)) == 4
    assert rows(empty_db, query) == [(0,)]
    assert rows(empty_db, "SELECT count(*) FROM u") == [(0,)]


def test_a_script_stays_in_its_database(empty_db: Database, folder: Path) -> None:
    """All pending files are read before the first one runs, and a file must not end pydb's transaction."""
    write_migrations(folder, {"0003_third": "CREATE TABLE u (id integer);\nCOMMIT;"})
    with pytest.raises(SqlFileError, match=r"0003_third.sql:2: COMMIT in a script"):
        pydb.migrate(empty_db, folder)
    with pytest.raises(Exception, match="pydb_migrations"):
        journal(empty_db)


def test_a_draft_is_refused(empty_db: Database, folder: Path) -> None:
    """A draft is not applied until its first line is removed."""
    write_migrations(folder, {"0003_third": "-- pydb: DRAFT, read it\nCREATE TABLE u (id integer);"})
    with pytest.raises(MigrationError, match=r"0003_third.sql:1: the migration is a draft"):
        pydb.migrate(empty_db, folder)


def test_inside_of_a_block(empty_db: Database, folder: Path) -> None:
    """migrate() has its own transactions, so it is refused inside begin()."""
    with empty_db.begin(), pytest.raises(MigrationError, match="inside begin"):
        pydb.migrate(empty_db, folder)


def test_down(empty_db: Database, folder: Path) -> None:
    """Migrations are undone by their own files, the last one first, and can be applied again."""
    write_migrations(
        folder,
        {
            "0002_second.down": "ALTER TABLE t DROP COLUMN b;\nDELETE FROM t;",
            "0003_third": "CREATE TABLE u (id integer);",
            "0003_third.down": "DROP TABLE u;",
        },
    )
    pydb.migrate(empty_db, folder)
    assert migrate_down(empty_db, folder, to=1) == ["0003_third", "0002_second"]
    assert rows(empty_db, "SELECT * FROM t") == []
    with pytest.raises(MigrationError, match="no file undoes this migration"):
        migrate_down(empty_db, folder, to=0)
    assert pydb.migrate(empty_db, folder) == ["0002_second", "0003_third"]


@pytest.mark.engines("sqlite")
def test_foreign_keys_on_sqlite(empty_db: Database, tmp_path: Path) -> None:
    """Rebuilding a parent keeps its cascading children, and a child without its parent is refused."""
    folder = write_migrations(
        tmp_path,
        {
            "0001_first": """\
            CREATE TABLE p (id integer PRIMARY KEY);
            CREATE TABLE c (id integer PRIMARY KEY, p_id integer NOT NULL REFERENCES p (id) ON DELETE CASCADE);
            INSERT INTO p VALUES (1), (2);
            INSERT INTO c VALUES (1, 1), (2, 2);
            """,
            "0002_rebuild": """\
            CREATE TABLE pydb_new_p (id integer PRIMARY KEY, a text);
            INSERT INTO pydb_new_p (id) SELECT id FROM p;
            DROP TABLE p;
            ALTER TABLE pydb_new_p RENAME TO p;
            """,
        },
    )
    assert len(pydb.migrate(empty_db, folder)) == 2
    assert rows(empty_db, "SELECT count(*) FROM c") == [(2,)]
    write_migrations(folder, {"0003_delete": "DELETE FROM p WHERE id = 2;"})
    with pytest.raises(MigrationError, match=r"0003_delete.sql: rows refer to rows that do not exist: c \(p\)"):
        pydb.migrate(empty_db, folder)
    assert rows(empty_db, "SELECT count(*) FROM p") == [(2,)]
    assert rows(empty_db, "SELECT foreign_keys FROM pragma_foreign_keys") == [(1,)]


@pytest.mark.engines("sqlite")
def test_in_memory() -> None:
    """A database in memory, which has one connection, can be migrated too."""
    with Database("sqlite://") as db:
        folder = Path(__file__).parent / "none"
        with pytest.raises(MigrationError, match="the folder does not exist"):
            pydb.migrate(db, folder)


class Cutting(Progress):
    """Ends all other sessions of the database when the statement with this number begins."""

    def __init__(self, url: str, engine: str, number: int) -> None:
        self.number = number
        self._url, self._engine = url, engine

    def statement(self, migration: Migration, number: int) -> None:
        if number != self.number:
            return
        self.number = -1
        with Database(self._url) as other, other.connect() as conn:
            if self._engine == "postgresql":
                others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                conn.exec_driver_sql(f"SELECT pg_terminate_backend(pid) {others}").all()
            else:
                others = "FROM information_schema.processlist WHERE db = database() AND id <> connection_id()"
                for session in conn.exec_driver_sql(f"SELECT id {others}").scalars().all():
                    conn.exec_driver_sql(f"KILL CONNECTION {session}")


@pytest.mark.engines("postgresql", "mariadb")
def test_a_lost_connection(empty_url: str, empty_db: Database, engine_name: str, folder: Path) -> None:
    """If the server ends the session, the error says what is kept, and the next run continues."""
    steps = "CREATE TABLE one (id integer);\nCREATE TABLE two (id integer);\n"
    write_migrations(folder, {"0003_third": steps, "0004_fourth": "CREATE TABLE three (id integer);"})
    pydb.migrate(empty_db, folder, to=2)
    kept = "the changes of statement 1 of 2 are kept" if engine_name == "mariadb" else "no change of this file is kept"
    with pytest.raises(MigrationError, match=f"the connection was lost; {kept}    hint: migrate again"):
        pydb.migrate(empty_db, folder, progress=Cutting(empty_url, engine_name, 1))
    assert pydb.migrate(empty_db, folder) == ["0003_third", "0004_fourth"]


class Overtaking(Progress):
    """Another node of a cluster, for which this server's lock is not valid, continues the migration in the meantime."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def statement(self, migration: Migration, number: int) -> None:
        if number == 0:
            with self._db.begin() as conn:
                conn.exec_driver_sql("UPDATE pydb_migrations SET done = 1 WHERE version = 3")


@pytest.mark.engines("mariadb")
def test_another_node(empty_db: Database, folder: Path) -> None:
    """If the lock is not valid, the journal decides: a run stops if another one has continued."""
    steps = "CREATE TABLE one (id integer);\nINSERT INTO one VALUES (1);\n"
    write_migrations(folder, {"0003_third": steps})
    pydb.migrate(empty_db, folder, to=2)
    with pytest.raises(MigrationError, match=r"0003_third.sql: another process is applying this migration"):
        pydb.migrate(empty_db, folder, progress=Overtaking(empty_db))
    assert rows(empty_db, "SELECT * FROM one") == []
