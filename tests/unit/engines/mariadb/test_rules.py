"""Connections of MariaDB, and the statements that commit by themselves."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from pydb import Database, errors
from pydb.engines.base import Failure, Settings, rules_of
from pydb.sqlfile.definition import Form

RULES = rules_of("mariadb")


def form(sql: str) -> Form:
    return Form(sql=sql, file="t.sql", line=1, parts=(sql,), verb=sql.split()[0], returning=False)


@pytest.mark.parametrize("sql", ["CREATE TABLE t (a int)", "DROP TABLE t", "TRUNCATE t", "ALTER TABLE t ADD b int"])
def test_statements_that_commit(sql: str) -> None:
    """The server commits before these statements."""
    assert RULES.commits_by_itself(form(sql))


@pytest.mark.parametrize(
    "sql", ["CREATE TEMPORARY TABLE t (a int)", "DROP TEMPORARY TABLE t", "INSERT INTO t VALUES (1)"]
)
def test_statements_that_do_not(sql: str) -> None:
    """Temporary tables and rows leave the transaction open."""
    assert not RULES.commits_by_itself(form(sql))


def test_timeouts_of_the_driver() -> None:
    """PyMySQL waits whole seconds for the server, at least one."""
    options = RULES.create_engine_options(make_url("mariadb+pymysql://me@host/app"), Settings(None, 1.0, 0.2))
    assert options["connect_args"]["connect_timeout"] == 1
    assert options["connect_args"]["charset"] == "utf8mb4"


@pytest.mark.engines("mariadb")
def test_what_each_connection_is_set_to(empty_url: str) -> None:
    """A session has strict, standard SQL in UTC, with the given timeouts."""
    with Database(empty_url, lock_timeout=1.5) as database, database.connect() as conn:
        modes = conn.exec_driver_sql("SELECT @@sql_mode").scalar_one().split(",")
        assert {"STRICT_TRANS_TABLES", "ANSI_QUOTES", "PIPES_AS_CONCAT", "NO_BACKSLASH_ESCAPES"} <= set(modes)
        assert conn.exec_driver_sql("SELECT @@time_zone, @@innodb_lock_wait_timeout").one() == ("+00:00", 2)


@pytest.mark.engines("mariadb")
def test_a_transaction_with_work(empty_db: Database) -> None:
    """Whether a transaction has begun is known without asking the server."""
    with empty_db.connect() as conn:
        assert not RULES.in_transaction(conn)
        conn.exec_driver_sql("CREATE TABLE t (a int)")
        conn.exec_driver_sql("INSERT INTO t VALUES (1)")
        assert RULES.in_transaction(conn)
        conn.rollback()


@pytest.mark.engines("mariadb")
def test_columns_of_a_broken_key(empty_db: Database) -> None:
    """The message does not contain the columns of a unique key, so they are queried."""
    with empty_db.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (a int, b int, CONSTRAINT ab UNIQUE (a, b))")
        conn.exec_driver_sql("INSERT INTO t VALUES (1, 2)")
    with empty_db.connect() as conn:
        driver = conn.connection.dbapi_connection
        try:
            driver.cursor().execute("INSERT INTO t (a, b) VALUES (1, 2)")  # type: ignore[union-attr]
        except Exception as error:
            sql = "INSERT INTO t (a, b) VALUES (1, 2)"
            failure = RULES.add_constraint_details(RULES.classify(error, sql), driver, sql, None)
            assert failure.columns == ("a", "b")
        else:
            raise AssertionError("the row is there twice")


@pytest.mark.engines("mariadb")
def test_isolation_and_reading(empty_url: str) -> None:
    """``begin`` has the requested level, ``read`` is a read-only snapshot, and a statement has its time limit."""
    with Database(empty_url, pool_size=1, statement_timeout=7.0) as database, Database(empty_url) as other:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (a int)")
            assert conn.exec_driver_sql("SELECT @@max_statement_time").scalar_one() == 7
        with database.begin("read committed") as conn:
            assert conn.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 0
            with other.begin() as writer:
                writer.exec_driver_sql("INSERT INTO t VALUES (1)")
            assert conn.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 1
        with database.read() as conn:
            with other.begin() as writer:
                writer.exec_driver_sql("INSERT INTO t VALUES (2)")
            assert conn.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 1


@pytest.mark.engines("mariadb")
@pytest.mark.parametrize(
    ("sql", "meaning"),
    [
        ("SELECT a || b FROM t", "|| is OR on this connection"),
        ('SELECT "a" FROM t', "a name in double quotes is a string on this connection"),
        (r"SELECT 'a\b'", "a backslash in a string is an escape on this connection"),
        ("SELECT 'a || b', `a`", None),
    ],
)
def test_modes_that_sql_relies_on(empty_db: Database, sql: str, meaning: str | None) -> None:
    """In another mode, statements that depend on the mode are known; a connection of pydb has the right mode."""
    with empty_db.connect() as conn:
        assert RULES.mode_conflict(conn, form(sql)) is None
        conn.exec_driver_sql("SET sql_mode = ''")
        assert RULES.mode_conflict(conn, form(sql)) == meaning


@pytest.mark.engines("mariadb")
def test_sessions_of_an_interrupted_client(empty_url: str) -> None:
    """The sessions that an engine has opened are ended over another connection."""
    with Database(empty_url) as database, Database(empty_url) as other:
        end = RULES.session_ender(database.engine)
        with database.connect() as left, other.connect() as conn:
            session = left.exec_driver_sql("SELECT connection_id()").scalar_one()
            end(other.connect)
            query = f"SELECT count(*) FROM information_schema.processlist WHERE id = {session}"
            assert conn.exec_driver_sql(query).scalar_one() == 0
            left.invalidate()


def test_details_are_asked_for_unique_keys_only() -> None:
    """Another failure, or one with an unknown constraint, is unchanged, and nothing is queried."""
    for failure in (
        Failure(errors.CheckViolation, "message", constraint="c", table="t"),
        Failure(errors.UniqueViolation, "message", table="t"),
    ):
        assert RULES.add_constraint_details(failure, None, "INSERT", None) is failure
