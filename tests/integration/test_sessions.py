"""The changes that one user of a pooled connection makes to its session do not affect the next user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, exc, make_url
from sqlalchemy.pool import StaticPool

import pydb
from pydb import errors
from pydb.testing.servers import StartedServer
from tests.harness.proxy import Proxy
from tests.harness.runtime import Load
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.usefixtures("call_path"), pytest.mark.core_in_deep, pytest.mark.awaited]

# The settings of a PostgreSQL session, as far as the server shows them.
POSTGRESQL_STATE = """
SELECT name, setting FROM pg_settings WHERE source NOT IN ('default', 'override')
UNION ALL SELECT 'users', current_user || ' ' || session_user || ' ' || current_setting('role')
UNION ALL SELECT 'app.tenant', coalesce(current_setting('app.tenant', true), '')
UNION ALL SELECT 'temporary', count(*)::text FROM pg_class WHERE relpersistence = 't'
UNION ALL SELECT 'cursors', count(*)::text FROM pg_cursors WHERE is_holdable
UNION ALL SELECT 'channels', count(*)::text FROM pg_listening_channels()
"""
# Settings that differ between sessions, or between statements.
MARIADB_PASSING = {"timestamp", "last_insert_id", "identity", "insert_id", "pseudo_thread_id", "warning_count"}
MARIADB_PASSING |= {"error_count", "rand_seed1", "rand_seed2", "in_transaction", "last_gtid", "gtid_binlog_pos"}
ACTING_PRAGMAS = {"incremental_vacuum", "integrity_check", "quick_check", "optimize", "wal_checkpoint"}
ACTING_PRAGMAS |= {"shrink_memory", "data_version", "foreign_key_check", "schema_version", "freelist_count"}

SETS = {
    "sqlite": (
        "PRAGMA foreign_keys = OFF",
        "PRAGMA query_only = ON",
        "PRAGMA case_sensitive_like = ON",
        "PRAGMA recursive_triggers = 1",
        "PRAGMA ignore_check_constraints(yes)",
        "PRAGMA writable_schema = ON",
        "PRAGMA trusted_schema = OFF",
        "PRAGMA temp_store = MEMORY",
        "PRAGMA busy_timeout = 1",
        "PRAGMA main.cache_size = 5",
        "PRAGMA synchronous = OFF",
        "PRAGMA journal_size_limit = 99",
        "EXPLAIN PRAGMA reverse_unordered_selects = ON",
        "ATTACH ':memory:' AS other",
        "CREATE TEMP TABLE passing (id integer)",
        "CREATE TABLE temp.passing (id integer)",
        "CREATE TEMP VIEW things AS SELECT 1 AS id",
        "CREATE TEMP TRIGGER passing BEFORE DELETE ON things BEGIN SELECT raise(IGNORE); END",
    ),
    "postgresql": (
        "SET search_path = pg_catalog",
        "SET ROLE pg_monitor",
        "SET SESSION AUTHORIZATION pg_monitor",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET TIME ZONE 'Asia/Kathmandu'",
        "SET statement_timeout = 5",
        "SET lock_timeout TO 77",
        "SET app.tenant = 'one'",
        "SELECT set_config('app.tenant', 'one', false)",
        "SELECT * FROM (SELECT pg_catalog.set_config('row_security', 'off', false)) AS nested",
        "UPDATE pg_settings SET setting = '4MB' WHERE name = 'work_mem'",
        "DO $$ BEGIN PERFORM set_config('app.tenant', 'one', false); END $$",
        "DECLARE held CURSOR WITH HOLD FOR SELECT 1",
        "LISTEN changes",
        "CREATE TEMP TABLE passing (id integer)",
        "SELECT 1 AS id INTO TEMP passing",
        "CREATE VIEW pg_temp.things AS SELECT 1 AS id",
    ),
    "mariadb": (
        "USE mysql",
        "SET SESSION sort_buffer_size = 3000000",
        "SET foreign_key_checks = 0, unique_checks = 0",
        "SET sql_mode = ''",
        "SET NAMES latin1",
        "SET CHARACTER SET latin1",
        "SET SESSION TRANSACTION READ ONLY",
        "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "SET autocommit = 1",
        "SET @tenant = 'one'",
        "SET STATEMENT max_statement_time = 5 FOR SET @tenant = 'one'",
        "EXECUTE IMMEDIATE 'SET @tenant = 1'",
        "SELECT enter()",
        "CALL enter_too()",
        "CREATE TEMPORARY TABLE passing (id integer)",
        "PREPARE known FROM 'SELECT 1'",
        "SET ROLE passing",
    ),
}
CASES = [(engine, sql) for engine, statements in SETS.items() for sql in statements]

ROUTINES = {
    "sqlite": "",
    "postgresql": """
        CREATE FUNCTION enter() RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.tenant', 'one', false) $$;
        CREATE FUNCTION enter_too() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN SET search_path = pg_catalog; PERFORM set_config('app.tenant', 'one', false); RETURN new; END $$;
        CREATE TRIGGER enter BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION enter_too();
    """,
    "mariadb": """
        CREATE FUNCTION enter() RETURNS integer BEGIN SET @tenant = 'one'; RETURN 1; END;
        CREATE PROCEDURE enter_too() BEGIN SET @tenant = 'one', sql_mode = ''; END;
        CREATE TRIGGER enter BEFORE INSERT ON things FOR EACH ROW SET @tenant = 'one';
    """,
}


def state(conn: Connection) -> dict[str, Any]:
    """All settings of the connection's session, as far as its engine shows them."""
    if conn.dialect.name == "sqlite":
        names = {name for (name,) in conn.exec_driver_sql("PRAGMA pragma_list")} - ACTING_PRAGMAS
        results = {name: conn.exec_driver_sql(f"PRAGMA {name}") for name in sorted(names)}
        found: dict[str, Any] = {name: result.all() for name, result in results.items() if result.returns_rows}
        found["temporary"] = conn.exec_driver_sql("SELECT name FROM sqlite_temp_master").all()
        found["like"] = conn.exec_driver_sql("SELECT 'A' LIKE 'a'").scalar()
        return found
    if conn.dialect.name == "postgresql":
        return {row[0]: row[1] for row in conn.exec_driver_sql(POSTGRESQL_STATE)}
    rows = conn.exec_driver_sql("SHOW SESSION VARIABLES").all()
    found = {name.lower(): value for name, value in rows if name.lower() not in MARIADB_PASSING}
    found["others"] = conn.exec_driver_sql("SELECT database(), current_role(), @tenant").one()
    made = "SHOW SESSION STATUS WHERE variable_name IN ('Com_create_temporary_table', 'Com_prepare_sql')"
    return {**found, "made": conn.exec_driver_sql(made).all()}


@pytest.fixture
def url(empty_url: str, engine_name: str, shared_server: StartedServer | None) -> Iterator[str]:
    """A database whose user may do everything."""
    if shared_server is not None and engine_name == "postgresql":
        admin = make_url(empty_url).set(username="postgres")
        yield admin.render_as_string(hide_password=False)
    elif shared_server is not None:
        shared_server.execute("CREATE ROLE IF NOT EXISTS passing WITH ADMIN pydb@'127.0.0.1'")
        yield empty_url
    else:
        yield empty_url


@pytest.fixture
def db(url: str) -> Iterator[pydb.Database]:
    """A pool of one connection."""
    with pydb.Database(url, pool_size=1, max_overflow=0, pool_timeout=1) as made:
        yield made


@pytest.fixture
def tables(db: pydb.Database, engine_name: str, tmp_path: Path) -> None:
    script = tmp_path / "tables.sql"
    script.write_text(f"CREATE TABLE things (id integer);{ROUTINES[engine_name]}")
    db.apply(script)


def differences(one: dict[str, Any], two: dict[str, Any]) -> dict[str, Any]:
    return {name: (one.get(name), two.get(name)) for name in one.keys() | two.keys() if one.get(name) != two.get(name)}


@pytest.mark.parametrize("level", ["in a transaction", "AUTOCOMMIT"])
def test_nothing_reaches_the_next_user(db: pydb.Database, tables: None, engine_name: str, level: str) -> None:
    """Whatever an application sets in a session, the pool's next user gets the settings of Database."""
    with db.begin() as conn:
        before = state(conn)
    reached, passed = {}, []
    for sql in SETS[engine_name]:
        with db.connect() as conn:
            if level == "AUTOCOMMIT":
                conn.execution_options(isolation_level=level)
            with suppress(exc.OperationalError):
                conn.exec_driver_sql(sql)
            conn.commit()
            if not differences(before, state(conn)):
                passed.append(sql)
        with db.begin() as conn:
            reached[sql] = differences(before, state(conn))
    assert {sql: found for sql, found in reached.items() if found} == {}
    if level == "AUTOCOMMIT" or engine_name != "sqlite":  # which refuses or ignores some of them inside a transaction
        assert passed == []


STATEMENTS = """
-- name: enter :one scalar
SELECT enter();

-- name: insert :exec
INSERT INTO things (id) VALUES (:id);

-- name: make_temporary :exec
CREATE TEMPORARY TABLE passing (id integer);

-- name: count_temporary :one scalar
SELECT count(*) FROM passing;
"""


@pytest.mark.engines("postgresql", "mariadb")
@pytest.mark.parametrize("name", ["enter", "insert"])
def test_what_routines_set(db: pydb.Database, tables: None, load: Load, name: str) -> None:
    """A setting by a function or a trigger, which a named statement calls, does not affect the next user."""
    q = load(STATEMENTS)
    parameters = {"id": 1} if name == "insert" else {}
    with db.begin() as conn:
        before = state(conn)
    for _ in range(3):
        with db.begin() as conn:
            getattr(q, name)(conn, **parameters)
            assert differences(before, state(conn))
        with db.begin() as conn:
            assert differences(before, state(conn)) == {}


def test_temporary_tables(db: pydb.Database, tables: None, load: Load) -> None:
    """A temporary table of a named statement exists until its block ends, and not in the next block."""
    q = load(STATEMENTS)
    for _ in range(3):
        with db.begin() as conn:
            q.make_temporary(conn)
            assert q.count_temporary(conn) == 0
        with pytest.raises(errors.DatabaseError), db.read() as conn:
            q.count_temporary(conn)


def test_an_unchanged_connection_is_kept(db: pydb.Database, tables: None) -> None:
    """Blocks that set nothing use one connection after the other, for reading and writing."""
    with db.read():
        pass
    made: list[int] = []
    event.listen(db.engine, "connect", lambda *_: made.append(1))
    for _ in range(3):
        with db.begin() as conn:
            conn.exec_driver_sql("INSERT INTO things (id) SELECT id FROM things WHERE id < 0")
        with db.read() as conn:
            conn.exec_driver_sql("SELECT count(*) FROM things")
        with db.connect() as conn:
            conn.exec_driver_sql("SELECT count(*) FROM things")
        with db.begin("SERIALIZABLE"):
            pass
    assert made == []


SCRIPTS = {
    "sqlite": "PRAGMA recursive_triggers = ON; INSERT INTO restored VALUES (1);",
    "postgresql": """
        SET statement_timeout = 0; SET client_min_messages = warning; SET row_security = off;
        SELECT pg_catalog.set_config('search_path', '', false);
        SELECT pg_advisory_lock(7);
        INSERT INTO public.restored VALUES (1);
    """,
    "mariadb": """
        SET @OLD_UNIQUE_CHECKS = @@UNIQUE_CHECKS, UNIQUE_CHECKS = 0;
        SET FOREIGN_KEY_CHECKS = 0; SET NAMES latin1; SET time_zone = '+03:00';
        SELECT GET_LOCK('job', 0); INSERT INTO restored VALUES (1);
    """,
}


@pytest.mark.parametrize("fails", [False, True])
def test_scripts(db: pydb.Database, engine_name: str, tmp_path: Path, fails: bool) -> None:
    """The settings of a script, such as those of a dump, do not exist after apply(), also if it fails."""
    with db.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE restored (id integer)")
        before = state(conn)
    script = tmp_path / "dump.sql"
    script.write_text(SCRIPTS[engine_name] + "SELECT nothing FROM nowhere;" * fails)
    try:
        db.apply(script)
        assert not fails
    except errors.DatabaseError:
        assert fails
    with db.begin() as conn:
        assert differences(before, state(conn)) == {}
        if engine_name == "postgresql":
            locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            # The server notices only a moment later that the script's connection is closed.
            wait_until(lambda: conn.exec_driver_sql(locks).scalar() == 0, "the script's locks are gone")
        if engine_name == "mariadb":
            used = "SELECT is_used_lock('job')"
            wait_until(lambda: conn.exec_driver_sql(used).scalar() is None, "the script's lock is released")


# A database in memory.


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "memory", ["sqlite://", "sqlite:///file:shared?mode=memory&cache=shared&uri=true"], ids=["own", "shared"]
)
def test_database_in_memory(memory: str) -> None:
    """A database in memory keeps its rows, its functions and its triggers when its connection is replaced."""
    with pydb.Database(memory) as database:
        event.listen(database.engine, "connect", lambda driver, _: driver.create_function("twice", 1, lambda x: 2 * x))
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE things (id integer)")
            before = state(conn)
        for number, sql in enumerate(SETS["sqlite"]):
            with database.begin() as conn:
                conn.exec_driver_sql("INSERT INTO main.things VALUES (?)", (number,))
            with database.connect() as conn:
                conn.execution_options(isolation_level="AUTOCOMMIT")
                conn.exec_driver_sql(sql)
            with database.begin() as conn:
                found = differences(before, state(conn))
                # These settings belong to the pages, which the connections share.
                assert found.keys() <= (
                    {"cache_size", "cache_spill", "journal_size_limit"} if "shared" in memory else set()
                ), sql
        with database.read() as conn:
            assert conn.exec_driver_sql("SELECT twice(count(*)) FROM things").scalar() == 2 * len(SETS["sqlite"])


def test_a_connection_that_several_share(url: str) -> None:
    """A pool whose users share one connection keeps it, even if one of them has changed it."""
    with pydb.Database(url, poolclass=StaticPool) as database, database.connect() as outer:
        with database.connect() as inner:
            inner.exec_driver_sql("CREATE TEMPORARY TABLE passing (id integer)")
        assert outer.exec_driver_sql("SELECT 1").scalar() == 1


# On PostgreSQL, the settings of the application and of the DBA are kept.


@pytest.mark.engines("postgresql")
@pytest.mark.parametrize("role", ["none", "pg_monitor"])
def test_connect_listeners(url: str, role: str) -> None:
    """The settings of the application's connect listener belong to a new connection, and are kept."""

    def connect(driver: Any, _record: Any) -> None:
        driver.autocommit = True
        driver.execute('SET search_path = pg_catalog, "odd \'name"')
        driver.execute("SET work_mem = '5MB'")
        driver.execute(f"SET ROLE {role}")
        driver.autocommit = False

    with pydb.Database(url, pool_size=1, max_overflow=0) as database:
        event.listen(database.engine, "connect", connect)
        with database.begin() as conn:
            before = state(conn)
            assert before["work_mem"] == "5120"
        for sql in ("SET search_path = public", "RESET work_mem", "RESET ROLE", "SELECT 1"):
            with database.begin() as conn:
                conn.exec_driver_sql(sql)
            with database.begin() as conn:
                assert differences(before, state(conn)) == {}


@pytest.mark.awaited(False)
@pytest.mark.engines("postgresql")
def test_defaults_of_the_database(db: pydb.Database, tables: None, url: str) -> None:
    """A database that is read-only by default, such as a standby, stays so whatever blocks were before."""
    name = make_url(url).database
    with db.begin() as conn:
        conn.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        conn.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    db.close()
    for _ in range(2):
        with db.read() as conn:
            conn.exec_driver_sql("SELECT count(*) FROM things")
        with db.begin("READ COMMITTED") as conn:
            assert conn.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
        with db.connect() as conn:
            conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=False)
            conn.exec_driver_sql("INSERT INTO things VALUES (1)")
        with db.begin() as conn:
            assert conn.exec_driver_sql("SHOW transaction_isolation").scalar() == "serializable"
        with pytest.raises(errors.Disconnected, match="read-only transaction"), db.begin() as conn:
            conn.exec_driver_sql("INSERT INTO things VALUES (1)")
        driver: Any = db.engine.raw_connection()
        assert (driver.read_only, driver.isolation_level, driver.deferrable) == (None, None, None)
        driver.close()


@pytest.mark.engines("postgresql", "mariadb")
@pytest.mark.parametrize("sent", ["READ ONLY", "tx_read_only"])
def test_a_connection_lost_on_the_way(empty_url: str, proxy: Proxy, engine_name: str, sent: str) -> None:
    """A connection that is lost while it is prepared for read() raises Disconnected, or the loss has no effect."""
    with pydb.Database(proxy.url(empty_url), pool_size=1) as database:
        with database.begin() as conn:
            conn.exec_driver_sql("SELECT 1")
        proxy.cut_before(sent)
        if sent == "READ ONLY":
            with pytest.raises(errors.Disconnected), database.read() as conn:
                conn.exec_driver_sql("SELECT 1")
            assert not proxy.armed
        with database.read() as conn:
            assert conn.exec_driver_sql("SELECT 1").scalar() == 1
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE things (id integer)")


# The cost of these checks.


@pytest.mark.engines("postgresql", "mariadb")
def test_round_trips(empty_url: str, proxy: Proxy, engine_name: str, load: Load) -> None:
    """A session without changes needs no additional round trip for a block with one query."""
    one = load("-- name: one :one scalar\nSELECT 1;").one
    found = {}
    with pydb.Database(proxy.url(empty_url), pool_size=1) as database:
        for kind in (database.begin, database.read, database.connect):
            for _ in range(2):  # the first block takes the connection over from another kind of block
                sent = proxy.requests
                with kind() as conn:
                    one(conn)
                found[kind.__name__] = proxy.requests - sent
    # The round trips are: the check that it is alive; BEGIN, on PostgreSQL and for read(); the query; COMMIT or
    # ROLLBACK, which PyMySQL sends twice.
    expected = {"postgresql": (4, 4, 4), "mariadb": (4, 5, 3)}[engine_name]
    assert tuple(found.values()) == expected
