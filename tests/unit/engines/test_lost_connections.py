"""Errors that mean that another server is needed: the connection is discarded, and run() repeats."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, exc, text

import pydb
from pydb.errors import DatabaseError, Disconnected, ProgrammingError

POSTGRESQL = ("25006", "53300", "57P03", "08006", "40003", "25P03")
MARIADB = (1040, 1047, 1180, 1203, 1836)


def provoke(engine_name: str, code: str | int) -> str:
    """SQL that fails with this code."""
    if engine_name == "postgresql":
        return f"DO $$BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{code}'; END$$"
    return f"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {code}, MESSAGE_TEXT = 'refused'"


def session(conn: Connection, engine_name: str) -> int:
    """The server's number of the connection."""
    sql = "SELECT pg_backend_pid()" if engine_name == "postgresql" else "SELECT connection_id()"
    return int(conn.execute(text(sql)).scalar_one())


@pytest.mark.engines("postgresql", "mariadb")
def test_a_server_that_is_not_the_right_one(empty_db: pydb.Database, engine_name: str) -> None:
    """Each of these codes is Disconnected, its connection is discarded, and run() repeats the transaction."""
    for code in POSTGRESQL if engine_name == "postgresql" else MARIADB:
        seen: list[int] = []

        def work(conn: Connection, code: str | int = code, seen: list[int] = seen) -> None:
            seen.append(session(conn, engine_name))
            if len(seen) == 1:
                conn.exec_driver_sql(provoke(engine_name, code))

        empty_db.run(work)
        assert len(set(seen)) == 2, code
        with pytest.raises(Disconnected) as caught, empty_db.begin() as conn:
            conn.exec_driver_sql(provoke(engine_name, code))
        assert caught.value.connection_invalidated


@pytest.mark.engines("postgresql")
def test_a_database_that_is_read_only_by_default(empty_db: pydb.Database, empty_url: str) -> None:
    """A write without a requested read-only transaction is Disconnected; in read() it is the usual error."""
    with empty_db.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (id integer)")
        name = empty_url.rpartition("/")[2]
        conn.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    insert = "INSERT INTO t VALUES (1)"
    with pydb.Database(empty_url) as db:
        with pytest.raises(Disconnected, match="not the primary now"), db.begin() as conn:
            conn.exec_driver_sql(insert)
        with pytest.raises(DatabaseError, match=r"begin\(\)") as caught, db.read() as conn:
            conn.exec_driver_sql(insert)
        assert not isinstance(caught.value, Disconnected)
        with pytest.raises(Disconnected), db.begin() as conn:
            conn.exec_driver_sql(insert)  # not overridden by read()'s own setting


@pytest.mark.engines("postgresql")
def test_copy(empty_db: pydb.Database) -> None:
    """COPY through Core is refused once, by name, also in a savepoint."""
    for sql in ("COPY (SELECT 1) TO STDOUT", "COPY pg_temp.t FROM STDIN"):
        with empty_db.begin() as conn:
            conn.exec_driver_sql("CREATE TEMP TABLE t (id integer) ON COMMIT DROP")
            with pytest.raises(exc.ProgrammingError) as caught, conn.begin_nested():
                conn.exec_driver_sql(sql)
            assert not caught.value.connection_invalidated
            assert conn.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 0
        with pytest.raises(ProgrammingError, match="COPY from or to the client"), empty_db.begin() as conn:
            conn.exec_driver_sql("CREATE TEMP TABLE t (id integer) ON COMMIT DROP")
            conn.exec_driver_sql(sql)


@pytest.mark.engines("postgresql", "mariadb", "sqlite")
def test_messages_without_values(empty_db: pydb.Database, engine_name: str) -> None:
    """A message without values is shown."""
    cases = {
        "postgresql": {
            "VACUUM": "VACUUM cannot run inside a transaction block",
            "SET nosuch = 1": 'unrecognized configuration parameter "nosuch"',
            "SELECT CAST(CAST(:q AS text) AS integer[])": "malformed array literal",
        },
        "mariadb": {"SELECT @@nosuch": "Unknown system variable 'nosuch'"},
        "sqlite": {"VACUUM": "cannot VACUUM from within a transaction"},
    }
    for sql, says in cases[engine_name].items():
        with pytest.raises(DatabaseError) as caught, empty_db.begin() as conn:
            conn.execute(text(sql), {"q": "{hunter"} if ":q" in sql else {})
        assert caught.value.message.startswith(says)
