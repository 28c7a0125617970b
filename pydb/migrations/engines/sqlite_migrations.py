"""Migrations on SQLite: the lock is the write lock, and foreign keys are off while a file runs.

With foreign keys on, DROP TABLE of a table that is rebuilt would delete its cascading children:
https://sqlite.org/lang_altertable.html#otheralter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from sqlalchemy import Connection

from pydb.database import Database
from pydb.errors import Busy, MigrationError
from pydb.migrations.engine_migrations import EngineMigrations, Patience, StillLocked
from pydb.support.blocks import guarded_block

__all__ = ["SqliteMigrations"]

_BROKEN = """
SELECT DISTINCT "table", parent FROM pragma_foreign_key_check ORDER BY 1, 2
"""


class SqliteMigrations(EngineMigrations):
    """Migrations on SQLite, where a file is one transaction, except for statements like VACUUM."""

    table = """\
CREATE TABLE IF NOT EXISTS pydb_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    statements integer NOT NULL,
    done integer NOT NULL,
    applied_at text NULL,
    CONSTRAINT pydb_migrations_pkey PRIMARY KEY (version)
)"""
    begin = "BEGIN IMMEDIATE"

    @guarded_block
    def lock(self, db: Database, patience: Patience) -> Iterator[StillLocked]:
        queue = db.engine.get_execution_options()["pydb_write_queue"]
        db.engine.connect().close()  # the switch to WAL needs the write lock for itself
        with ExitStack() as stack:
            while True:
                try:
                    stack.enter_context(queue.turn())
                    break
                except Busy:
                    patience.pause()
            yield lambda: True

    def prepare(self, conn: Connection, patience: Patience) -> None:
        conn.exec_driver_sql("PRAGMA foreign_keys = OFF")

    def before_commit(self, conn: Connection) -> None:
        broken = conn.exec_driver_sql(_BROKEN).all()
        if broken:
            tables = ", ".join(f"{table} ({parent})" for table, parent in broken)
            raise MigrationError(
                f"rows refer to rows that do not exist: {tables}; no change of this file is kept",
                hint="PRAGMA foreign_key_check lists them: move or delete them in the migration",
            )

    def after_end(self, conn: Connection) -> None:
        conn.exec_driver_sql("PRAGMA foreign_keys = ON")
