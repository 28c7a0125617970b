"""Migrations on PostgreSQL: the journal and the indexes that CONCURRENTLY leaves invalid."""

from __future__ import annotations

import pytest

from pydb import Database
from pydb.errors import MigrationError
from pydb.migrations.engine_migrations import Patience, migrations_of
from pydb.migrations.run import single_statements

pytestmark = pytest.mark.engines("postgresql")

CREATE = "CREATE UNIQUE INDEX CONCURRENTLY t_a_idx ON t (a)"


def test_an_invalid_index(empty_db: Database) -> None:
    """An index that a failed CONCURRENTLY has left is found by its name and by its table's; other indexes are not."""
    own = migrations_of("postgresql")
    with single_statements(empty_db, own, Patience(0, lambda: None)) as conn:
        conn.exec_driver_sql("CREATE TABLE t (a integer)")
        conn.exec_driver_sql("INSERT INTO t VALUES (1), (1)")
        assert own.remains(conn, CREATE) is None
        with pytest.raises(Exception, match="could not create unique index"):
            conn.exec_driver_sql(CREATE)
        found = own.remains(conn, CREATE)
        assert found is not None
        assert found[0] == "the index t_a_idx of t is invalid: an interrupted CREATE INDEX CONCURRENTLY left it"
        assert own.remains(conn, "CREATE INDEX CONCURRENTLY ON t (a)") == found
        assert own.remains(conn, "CREATE INDEX CONCURRENTLY u_idx ON u (a)") is None
        assert own.remains(conn, "ALTER TABLE t ADD COLUMN b integer") is None


def test_the_journal_has_its_schema(empty_db: Database) -> None:
    """The table is found even if the search path has changed."""
    own = migrations_of("postgresql")
    with single_statements(empty_db, own, Patience(0, lambda: None)) as conn:
        conn.exec_driver_sql(own.table)
        journal = own.journal(conn)
        conn.exec_driver_sql("SET search_path TO pg_catalog")
        journal.remove(1)


def test_the_lock_is_this_sessions(empty_db: Database) -> None:
    """The lock exists until its session releases it, even if another session requests it."""
    own = migrations_of("postgresql")
    with own.lock(empty_db, Patience(0, lambda: None)) as locked:
        assert locked()
        with pytest.raises(MigrationError, match="another process"), own.lock(empty_db, Patience(0, lambda: None)):
            pass
        with empty_db.connect() as conn:
            conn.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            ).all()
        with pytest.raises(Exception, match="connection was lost"):
            locked()
