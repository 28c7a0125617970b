"""In a read() block the engine refuses everything that writes, or that lets a later statement write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text

import pydb
from pydb import errors
from tests.harness.runtime import Load

pytestmark = [pytest.mark.usefixtures("call_path"), pytest.mark.awaited]

# The engine refuses these statements.
REFUSED = {
    "sqlite": (
        "INSERT INTO things VALUES (1)",
        "CREATE TABLE others (id integer)",
        "CREATE TEMP TABLE others (id integer)",
        "PRAGMA query_only = OFF",
        "pragma Main.Query_Only(0)",
        "EXPLAIN PRAGMA query_only = OFF",
        "PRAGMA user_version = 7",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA writable_schema = ON",
        "PRAGMA foreign_keys = OFF",
        "ATTACH 'other.db' AS other",
        "DETACH main",
        "VACUUM INTO 'other.db'",
        "BEGIN IMMEDIATE",
        "SELECT load_extension('other')",
        "ANALYZE",
    ),
    "postgresql": (
        "INSERT INTO things VALUES (1)",
        "CREATE TABLE others (id integer)",
        "CREATE TEMP TABLE others (id integer)",
        "SET TRANSACTION READ WRITE",
        "SET transaction_read_only = off",
        "SET LOCAL transaction_read_only TO no",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "BEGIN READ WRITE",
        "START TRANSACTION READ WRITE",
        "SELECT nextval('numbers')",
        "SELECT setval('numbers', 7)",
        "COPY things FROM PROGRAM 'echo 1'",
        "SELECT id FROM things FOR UPDATE",
        "EXPLAIN ANALYZE INSERT INTO things VALUES (1)",
        "DO $$ BEGIN INSERT INTO things VALUES (1); END $$",
    ),
    "mariadb": (
        "INSERT INTO things VALUES (1)",
        "CREATE TABLE others (id integer)",
        "CREATE TEMPORARY TABLE others (id integer)",
        "DROP TABLE things",
        "TRUNCATE things",
        "RENAME TABLE things TO others",
        "CREATE OR REPLACE VIEW others AS SELECT 1",
        "SET TRANSACTION READ WRITE",
        "SELECT NEXT VALUE FOR numbers",
        "SELECT SETVAL(numbers, 7)",
        "LOAD DATA INFILE '/nowhere' INTO TABLE things",
        "LOCK TABLES things WRITE",
        "EXECUTE IMMEDIATE 'INSERT INTO things VALUES (1)'",
        "BEGIN NOT ATOMIC COMMIT; INSERT INTO things VALUES (1); COMMIT; END",
        "CREATE USER other",
    ),
}
# The engine accepts these statements, but a later write is refused.
FOLLOWED = {
    "sqlite": ("COMMIT", "ROLLBACK", "PRAGMA query_only", "PRAGMA table_info(things)"),
    "postgresql": (
        "COMMIT",
        "ROLLBACK",
        "COMMIT AND CHAIN",
        "SAVEPOINT one",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SET default_transaction_read_only = off",
    ),
    "mariadb": (
        "COMMIT",
        "ROLLBACK",
        "BEGIN",
        "START TRANSACTION",
        "SET SESSION TRANSACTION READ WRITE",
        "SET tx_read_only = 0",
        "SET autocommit = 1",
        "FLUSH STATUS",
    ),
}


@pytest.fixture
def db(empty_url: str, engine_name: str) -> Iterator[pydb.Database]:
    """A pool of one connection, and a table; on the servers, the user has all rights, and there is a sequence."""
    url = make_url(empty_url).set(username="postgres") if engine_name == "postgresql" else make_url(empty_url)
    with pydb.Database(url, pool_size=1, max_overflow=0, pool_timeout=1) as made:
        with made.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE things (id integer)")
            if engine_name != "sqlite":
                conn.exec_driver_sql("CREATE SEQUENCE numbers")
        yield made


def written(db: pydb.Database) -> int:
    with db.begin() as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM things").scalar_one())


def send(conn: Connection, sql: str, how: str) -> None:
    if how == "driver":
        conn.exec_driver_sql(sql, execution_options={"no_parameters": True})
    else:
        conn.execute(text(sql.replace(":", "\\:")))


@pytest.mark.parametrize("how", ["driver", "text"])
def test_refused(
    db: pydb.Database, engine_name: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement that writes, or that would make the block writable, is refused as the first and as a later one."""
    monkeypatch.chdir(tmp_path)
    ran = []
    for sql in REFUSED[engine_name]:
        for first in (True, False):
            with suppress(errors.DatabaseError), db.read() as conn:
                if not first:
                    conn.exec_driver_sql("SELECT count(*) FROM things")
                send(conn, sql, how)
                ran.append(sql)
    assert ran == []
    assert written(db) == 0
    assert not Path("other.db").exists()


def test_what_follows(db: pydb.Database, engine_name: str) -> None:
    """However a statement ends the block's transaction, no later statement of the block can write."""
    ran = []
    for sql in FOLLOWED[engine_name]:
        with suppress(errors.DatabaseError), db.read() as conn:
            conn.exec_driver_sql(sql)
            conn.exec_driver_sql("INSERT INTO things VALUES (1)")
            ran.append(sql)
    assert ran == []
    for end in ("commit", "rollback"):
        with pytest.raises(errors.DatabaseError), db.read() as conn:
            getattr(conn, end)()
            conn.exec_driver_sql("INSERT INTO things VALUES (1)")
    assert written(db) == 0


@pytest.mark.engines("sqlite")
def test_statements_that_ran_before(db: pydb.Database) -> None:
    """A statement that the connection has prepared outside read() is refused in it too."""
    statements = ("INSERT INTO things VALUES (1)", "PRAGMA user_version = 5", "PRAGMA query_only = OFF", "DETACH other")
    for sql in statements:
        with db.begin() as conn:
            conn.exec_driver_sql("ATTACH ':memory:' AS other" if "DETACH" in sql else sql)
            conn.exec_driver_sql(sql)
            conn.rollback()
        with pytest.raises(errors.DatabaseError), db.read() as conn:
            conn.exec_driver_sql(sql)
    assert written(db) == 0


def test_writers_after_readers(db: pydb.Database) -> None:
    """The connection of a read() block is writable for its next user, in any kind of block."""
    for number in range(3):
        with db.read() as conn:
            conn.exec_driver_sql("SELECT count(*) FROM things")
        if number == 0:
            with db.begin() as conn:
                conn.exec_driver_sql("INSERT INTO things VALUES (1)")
        elif number == 1:
            with db.engine.begin() as conn:
                conn.exec_driver_sql("INSERT INTO things VALUES (1)")
        else:
            driver = db.engine.raw_connection()
            driver.cursor().execute("INSERT INTO things VALUES (1)")
            driver.commit()
            driver.close()
    assert written(db) == 3


NAMED = {
    "postgresql": (
        "COPY things TO '{file}'",
        "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'",
        "SELECT lo_export(1, '{file}')",
    ),
    "mariadb": ("SELECT 1 INTO OUTFILE '{file}'", "SELECT 1 INTO DUMPFILE '{file}'"),
}


@pytest.mark.engines("postgresql", "mariadb")
def test_named_statements_that_write_elsewhere(db: pydb.Database, engine_name: str, load: Load, tmp_path: Path) -> None:
    """A named statement that writes a file on the server is refused in read() by name, and runs in begin()."""
    for number, sql in enumerate(NAMED[engine_name]):
        shared = f"-- name: export :exec\n{sql.format(file=tmp_path / 'no' / 'file')};"
        export = load("-- name: nothing :exec\nSELECT 1;", **{engine_name: shared}).export
        for _ in range(2):
            with (
                pytest.raises(errors.NotSupportedError, match=r"q\.export: .* hint: call it in a begin\(\)"),
                db.read() as conn,
            ):
                export(conn)
        if "PROGRAM" in sql:
            with db.begin() as conn:
                export(conn)
        else:
            with pytest.raises(errors.DatabaseError) as caught, db.begin() as conn:
                export(conn)
            assert not isinstance(caught.value, errors.NotSupportedError), number
