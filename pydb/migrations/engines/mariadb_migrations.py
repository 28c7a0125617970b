"""Migrations on MariaDB: a named lock in a separate session, and a journal that is written after each statement.

MariaDB commits at each DDL statement: https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/.  Its
named locks are local to one server; between the nodes of a cluster the primary key of the journal decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

from sqlalchemy import Connection, exc, text

from pydb.database import Database
from pydb.migrations.engine_migrations import EngineMigrations, Patience, StillLocked, lock_session
from pydb.support.blocks import guarded_block

__all__ = ["MariadbMigrations"]

LONGEST = 604_800
"""The time that the session of the lock may be idle, in seconds; a migration must not take longer."""

_LOCK = text("SELECT GET_LOCK(:name, 0)")
_OWNER = text("SELECT IS_USED_LOCK(:name) = CONNECTION_ID()")


class MariadbMigrations(EngineMigrations):
    """Migrations on MariaDB, where each statement is committed by itself."""

    table = """\
CREATE TABLE IF NOT EXISTS pydb_migrations (
    version bigint NOT NULL,
    name varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
    checksum char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    statements integer NOT NULL,
    done integer NOT NULL,
    applied_at datetime(6) NULL,
    CONSTRAINT pydb_migrations_pkey PRIMARY KEY (version)
) ENGINE=InnoDB"""
    begin = "START TRANSACTION"

    @guarded_block
    def lock(self, db: Database, patience: Patience) -> Iterator[StillLocked]:
        with lock_session(db) as conn:
            conn.exec_driver_sql(f"SET SESSION wait_timeout = {LONGEST}")
            name = _take(conn, "pydb_migrations", patience)
            yield lambda: conn.execute(_OWNER, name).scalar() == 1
            _release(conn)

    def prepare(self, conn: Connection, patience: Patience) -> None:
        # If a client is killed during a long statement, its session keeps this lock until the statement ends.
        _take(conn, "pydb_migration", patience)

    def after_end(self, conn: Connection) -> None:
        _release(conn)


def _take(conn: Connection, prefix: str, patience: Patience) -> dict[str, str]:
    """Wait for a lock of the current database, and return its name.

    A server has one list of locks for all databases, and a name has at most 64 characters.
    """
    database = str(conn.exec_driver_sql("SELECT database()").scalar())
    name = {"name": f"{prefix}.{sha256(database.encode()).hexdigest()[:32]}"}
    while conn.execute(_LOCK, name).scalar() != 1:
        patience.pause()
    return name


def _release(conn: Connection) -> None:
    """Release a session's locks at once: the server ends a session some time after its client has closed it."""
    with suppress(exc.SQLAlchemyError):  # a lost connection has released them
        conn.exec_driver_sql("SELECT RELEASE_ALL_LOCKS()").close()
