"""SQL with an effect beyond its transaction is refused at load, and similar SQL is loaded."""

from __future__ import annotations

import re

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.parser import parse_file

# Below a hint: the engine of the overlay or "shared"; the SQL; the names in the message.
REFUSED = r"""
write SET LOCAL …
    shared | SET ROLE app; | SET ROLE
    postgresql | SET search_path = app, public; | SET search_path
    postgresql | SET "search_path" TO app; | SET "search_path"
    postgresql | set time zone 'UTC'; | SET time
    postgresql | UPDATE pg_settings SET setting = 'x' WHERE name = 'role'; | UPDATE pg_settings
    postgresql | UPDATE pg_catalog.pg_settings SET setting = 'x'; | UPDATE pg_catalog
MariaDB reads it as SET SESSION: write an overlay for postgresql
    shared | SET LOCAL x = 1; | SET LOCAL
write set_config(…, …, true)
    shared | SELECT set_config('app.user', :user, false); | set_config()
    postgresql | SELECT set_config('a.b', :v, :local); | set_config()
    postgresql | SELECT set_config('a.b', :v); | set_config()
    postgresql | SELECT set_config('a.b', :v, NOT true); | set_config()
    postgresql | SELECT set_config('a.b', set_config('c.d', 'x', false), true); | set_config()
    postgresql | SELECT a FROM (SELECT Pg_Catalog.Set_Config('a', f(1, true), false) AS a) AS b; | set_config()
    postgresql | SELECT pg_catalog."set_config"('a', 'b', false); | set_config()
    postgresql | SELECT set_config(is_local => false, setting_name => 'a', new_value => 'b'); | set_config()
    postgresql | WITH a AS (SELECT set_config('a', 'b', false)) SELECT 1 FROM a; | set_config()
    postgresql | CREATE TABLE event AS SELECT set_config('a', 'b', false); | set_config()
    postgresql | CREATE MATERIALIZED VIEW a AS SELECT set_config('a', 'b', false) AS b; | set_config()
do it in a listener to the engine's connect event
    shared | PRAGMA foreign_keys = OFF; | PRAGMA foreign_keys
    sqlite | PRAGMA main.cache_size(5); | PRAGMA cache_size
    sqlite | PRAGMA "query_only" = 0; | PRAGMA query_only
    sqlite | PRAGMA no_such_pragma = 0; | PRAGMA no_such_pragma
    sqlite | ATTACH 'other.db' AS other; | ATTACH
    sqlite | DETACH other; | DETACH
    sqlite | SELECT load_extension('x'); | load_extension()
write SET LOCAL … or SET TRANSACTION …
    postgresql | SET SESSION AUTHORIZATION app; | SET SESSION
write SET LOCAL … TO DEFAULT
    postgresql | RESET ROLE; | RESET ROLE
leave it out: Database resets a session before its next use
    postgresql | DISCARD ALL; | DISCARD
    postgresql | UNLISTEN *; | UNLISTEN
keep a connection for it: db.connect()
    postgresql | LISTEN changes; | LISTEN
write the statement itself: the driver prepares it
    postgresql | PREPARE one AS SELECT 1; | PREPARE
    postgresql | EXECUTE one; | EXECUTE
    postgresql | DEALLOCATE ALL; | DEALLOCATE
    mariadb | EXECUTE IMMEDIATE 'SET ROLE app'; | EXECUTE
leave WITH HOLD out, or use :stream
    postgresql | DECLARE c CURSOR WITH HOLD FOR SELECT 1; | WITH HOLD
let a DBA set session_preload_libraries
    postgresql | LOAD 'library'; | LOAD
call pg_advisory_xact_lock()
    postgresql | DO $$ BEGIN PERFORM pg_advisory_lock(1); END $$; | pg_advisory_lock()
    postgresql | SELECT pg_advisory_lock(:key); | pg_advisory_lock()
call pg_try_advisory_xact_lock_shared()
    postgresql | SELECT 1 WHERE pg_try_advisory_lock_shared(1, 2); | pg_try_advisory_lock_shared()
pass the connection string to dblink()
    postgresql | SELECT ext.dblink_connect('x', 'dbname=y'); | dblink_connect()
write SET STATEMENT … FOR SELECT …
    mariadb | SET sql_mode = ''; | SET sql_mode
    mariadb | SET @@session.sql_mode = ''; | SET @@session.sql_mode
    mariadb | SET SESSION sql_mode = ''; | SET SESSION
    mariadb | SET autocommit = 1; | SET autocommit
    mariadb | /*!50003 SET sql_mode = '' */; | SET sql_mode
pass the value as a parameter
    mariadb | SET @tenant = :tenant; | SET @tenant
connect as a user with this default role
    mariadb | SET ROLE app; | SET ROLE
leave it out: Database uses utf8mb4
    mariadb | SET NAMES latin1; | SET NAMES
    mariadb | SET CHARACTER SET latin1; | SET CHARACTER
use db.begin(isolation) or db.read()
    mariadb | SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; | SET TRANSACTION
leave it to a DBA, outside of the application
    mariadb | SET GLOBAL max_connections = 5; | SET GLOBAL
    mariadb | SET PASSWORD = 'x'; | SET PASSWORD
    mariadb | FLUSH TABLES WITH READ LOCK; | FLUSH TABLES
    mariadb | BACKUP STAGE START; | BACKUP
write the database before the name: other.items
    mariadb | USE other; | USE
lock rows: SELECT … FOR UPDATE
    mariadb | LOCK TABLE t WRITE; | LOCK
write a SELECT
    mariadb | HANDLER t OPEN; | HANDLER
lock a row: SELECT … FOR UPDATE
    mariadb | SELECT GET_LOCK('job', 10); | get_lock()
    mariadb | DO `get_lock` ('job', 10); | get_lock()
select the value as a column, or pass it as a parameter
    mariadb | SELECT @n := @n + 1 FROM t; | @n
    mariadb | SELECT a, b INTO @a, @b FROM t; | @a
    mariadb | UPDATE t SET a = (@last := a); | @last
    mariadb | CALL p(:a, @result); | @result
catch the error that pydb raises
    mariadb | GET DIAGNOSTICS @n = NUMBER; | GET
"""

ACCEPTED = r"""
shared | UPDATE settings SET role = :role, session = 1, local = 2, write = 3;
shared | CREATE TEMPORARY TABLE passing (id integer);
shared | SELECT set_config, get_lock, pg_advisory_lock FROM t;
shared | SELECT 'SET ROLE app', 'get_lock(1, 2)';
shared | PRAGMA foreign_keys;
postgresql | SET LOCAL search_path = app;
postgresql | SET TRANSACTION READ ONLY, DEFERRABLE;
postgresql | SET CONSTRAINTS ALL DEFERRED;
postgresql | SELECT set_config('app.user', CAST(:user AS text), TRUE);
postgresql | SELECT set_config(new_value => :v, is_local => true, setting_name => 'a');
postgresql | SELECT app.set_config('a', 'b', false);
postgresql | SELECT pg_advisory_xact_lock(:key), pg_advisory_unlock(:key);
postgresql | DECLARE c CURSOR FOR SELECT 1;
postgresql | DO $$ BEGIN PERFORM pg_advisory_xact_lock(1); END $$;
postgresql | CREATE FUNCTION f() RETURNS text LANGUAGE sql RETURN set_config('a', 'b', false);
postgresql | CREATE VIEW a AS SELECT set_config('a', 'b', false) AS b;
postgresql | LOCK TABLE t IN SHARE MODE;
postgresql | NOTIFY changes;
mariadb | SET STATEMENT max_statement_time = 1 FOR SELECT a FROM t;
mariadb | SELECT @@sql_mode, @tenant INTO OUTFILE '/x' FROM t;
mariadb | SELECT other.get_lock('a', 1);
mariadb | CREATE OR REPLACE PROCEDURE p() BEGIN SET @x = 1; DO GET_LOCK('a', 1); END;
mariadb | INSERT INTO t (a) SELECT @tenant;
mariadb | FLUSH STATUS;
mariadb | GRANT SELECT ON t TO app;
sqlite | PRAGMA user_version = 5;
sqlite | PRAGMA main.table_info(t);
sqlite | PRAGMA defer_foreign_keys = ON;
"""

CASES = [
    (*line.strip().split(" | "), hint)
    for hint, lines in re.findall(r"^(\S.*)\n((?: .*\n)+)", REFUSED, re.MULTILINE)
    for line in lines.splitlines()
]


def load(where: str, sql: str) -> str:
    """The words of what the statement writes outside the database."""
    engine = None if where == "shared" else where
    (parsed,) = parse_file(f"-- name: x :exec\n\n{sql}\n", "t.sql", "t", engine)
    return parsed.form.writes_outside


@pytest.mark.parametrize(("where", "sql", "what", "hint"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_refused(where: str, sql: str, what: str, hint: str) -> None:
    """SQL whose effect would stay in the pooled connection is refused with its place and with what to write."""
    with pytest.raises(SqlFileError) as caught:
        load(where, sql)
    assert (
        str(caught.value).split("\n")[0]
        == f"t.sql:3: t.x: the effect of {what} lasts beyond the transaction    hint: {hint}"
    )


@pytest.mark.parametrize("case", [line for line in ACCEPTED.splitlines() if line])
def test_accepted(case: str) -> None:
    """SQL whose effect ends with the transaction, or that only has such a name, is loaded."""
    load(*case.split(" | "))


@pytest.mark.parametrize(
    "sql",
    [
        "SET TRANSACTION READ WRITE;",
        "SET LOCAL transaction_read_only TO DEFAULT;",
        'SET LOCAL "transaction_read_only" = off;',
    ],
)
def test_writable(sql: str) -> None:
    """A statement may not choose whether the transaction may write."""
    with pytest.raises(SqlFileError, match=r"t\.x: SET controls the transaction    hint: the caller controls it"):
        load("postgresql", sql)


@pytest.mark.parametrize(
    ("where", "sql", "words"),
    [
        ("postgresql", "COPY t TO '/srv/x';", "COPY … TO writes a file, or runs a program, on the server"),
        ("postgresql", "COPY (SELECT 1) TO PROGRAM 'x';", "COPY … TO writes a file, or runs a program, on the server"),
        ("postgresql", "COPY t (a) TO STDOUT;", ""),
        ("postgresql", "COPY t FROM '/srv/x';", ""),
        ("postgresql", "SELECT lo_export(1, '/srv/x');", "lo_export() writes outside of the database"),
        ("postgresql", "SELECT ext.dblink_exec('c', 'x');", "dblink_exec() writes outside of the database"),
        ("mariadb", "SELECT 1 INTO OUTFILE '/srv/x';", "INTO OUTFILE writes a file on the server"),
        ("mariadb", "SELECT a INTO DUMPFILE '/srv/x' FROM t;", "INTO DUMPFILE writes a file on the server"),
        ("mariadb", "INSERT INTO outfiles (a) VALUES (1);", ""),
        ("shared", "SELECT 1 INTO OUTFILE '/srv/x';", "INTO OUTFILE writes a file on the server"),
    ],
)
def test_writes_outside(where: str, sql: str, words: str) -> None:
    """A statement that writes a file on the server is known, because a read-only transaction does not refuse it."""
    assert load(where, sql) == words


@pytest.mark.parametrize("sql", ["COPY t FROM STDIN;", "copy t (a, b) from stdin with csv;"])
def test_copy_from_the_client(sql: str) -> None:
    """COPY … FROM STDIN is followed by rows, which no call of a statement can send."""
    with pytest.raises(SqlFileError, match=r"t\.x: COPY … FROM STDIN needs rows .*hint: write INSERT as :batch"):
        load("postgresql", sql)


def steps(sql: str) -> int:
    """The number of lines of Python that loading the statement takes."""
    import sys

    count = 0

    def trace(frame: object, what: str, _argument: object) -> object:
        nonlocal count
        count += what == "line"
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        load("postgresql" if "@" not in sql else "mariadb", sql)
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize(
    "sql",
    [
        lambda n: "SELECT " + "set_config('a', " * n + "'b'" + ", true)" * n + ";",
        lambda n: "SELECT 1 INTO OUTFILE 'x' FROM t WHERE " + ", ".join(["@a"] * n) + ";",
        lambda n: "SELECT x := 1, " + ", ".join(["@a"] * n) + ";",
    ],
    ids=["nested calls", "variables after INTO", "variables"],
)
def test_linear(sql: object) -> None:
    """Four times the text takes about four times the steps."""
    assert callable(sql)
    assert steps(sql(400)) < 6 * steps(sql(100))


def test_every_case_is_read() -> None:
    """Every case of the table is read."""
    assert all(len(case) == 4 for case in CASES)
    assert len(CASES) == len(re.findall(r"^ ", REFUSED, re.MULTILINE))
