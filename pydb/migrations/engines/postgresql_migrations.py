"""Migrations on PostgreSQL: an advisory lock in a separate session, and indexes that CONCURRENTLY leaves invalid.

The lock is polled: a session that waits in pg_advisory_lock() has a snapshot, and CREATE INDEX CONCURRENTLY waits for
the end of every older one.  https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from sqlalchemy import Connection, exc

from pydb.database import Database
from pydb.migrations.engine_migrations import EngineMigrations, LockFinding, Patience, StillLocked, lock_session
from pydb.migrations.files import Migration
from pydb.migrations.journal import TABLE, Journal
from pydb.support.blocks import guarded_block

__all__ = ["PostgresqlMigrations"]

_LOCK = 0x70796462_6D696772
"""The letters "pydbmigr" as a number; advisory locks are local to one database."""

# An undeclared pooler would send this session's next statement to another session.
_HELD = f"""
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
    AND classid::bigint << 32 | objid::bigint = {_LOCK}
"""

_WORK = _LOCK + 1
"""The lock of the session that runs a file; if the client is killed, the session keeps it until its statement ends."""

_INVALID = """
SELECT c.relname, t.relname FROM pg_index AS i
INNER JOIN pg_class AS c ON c.oid = i.indexrelid
INNER JOIN pg_class AS t ON t.oid = i.indrelid
WHERE NOT i.indisvalid AND t.relkind <> 'p' AND pg_table_is_visible(t.oid)
    AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index AS p WHERE p.index_relid = i.indexrelid)
ORDER BY c.relname
"""


_JOURNAL = f"""
SELECT quote_ident(coalesce(
    (SELECT n.nspname FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.oid = to_regclass('{TABLE}')),
    current_schema()
)) || '.{TABLE}'
"""


class PostgresqlMigrations(EngineMigrations):
    """Migrations on PostgreSQL, where a file is one transaction, unless its first line requests another mode."""

    table = """\
CREATE TABLE IF NOT EXISTS pydb_migrations (
    version bigint NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    statements integer NOT NULL,
    done integer NOT NULL,
    applied_at timestamp with time zone NULL,
    CONSTRAINT pydb_migrations_pkey PRIMARY KEY (version)
)"""

    @guarded_block
    def lock(self, db: Database, patience: Patience) -> Iterator[StillLocked]:
        with lock_session(db) as conn:
            # The session is idle while a migration runs, and from version 14 on a server may end idle sessions.
            conn.exec_driver_sql(
                "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'"
            )
            _take(conn, _LOCK, patience)
            yield lambda: bool(conn.exec_driver_sql(_HELD).scalar_one())
            _release(conn, _LOCK)

    def prepare(self, conn: Connection, patience: Patience) -> None:
        _take(conn, _WORK, patience)

    def after_end(self, conn: Connection) -> None:
        _release(conn, _WORK)

    def journal(self, conn: Connection) -> Journal:
        # A migration may set the search path.
        return Journal(conn, str(conn.exec_driver_sql(_JOURNAL).scalar_one()))

    def lock_findings(self, migration: Migration) -> Sequence[LockFinding]:
        from pydb.migrations.engines.postgresql_locks import lock_findings

        return lock_findings(migration)

    def remains(self, conn: Connection, statement: str) -> tuple[str, str] | None:
        words = set(self.words(statement))
        if "CONCURRENTLY" not in {word.upper() for word in words}:
            return None
        for index, table in conn.exec_driver_sql(_INVALID):
            if index in words or table in words:
                return (
                    f"the index {index} of {table} is invalid: an interrupted CREATE INDEX CONCURRENTLY left it",
                    f"remove it, and migrate again: DROP INDEX CONCURRENTLY {index};",
                )
        return None


def _take(conn: Connection, lock: int, patience: Patience) -> None:
    while not conn.exec_driver_sql(f"SELECT pg_try_advisory_lock({lock})").scalar():
        patience.pause()


def _release(conn: Connection, lock: int) -> None:
    """Release a lock at once: the server ends a session some time after its client has closed it."""
    with suppress(exc.SQLAlchemyError):  # a lost connection has released it
        conn.exec_driver_sql(f"SELECT pg_advisory_unlock({lock})").close()
