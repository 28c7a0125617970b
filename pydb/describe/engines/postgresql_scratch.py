"""Manage scratch databases on PostgreSQL: a connection and a name in; the database claimed or dropped, out.

The owner's ``application_name``, which every role can see, is the database's name.

Source: https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW.
"""

from __future__ import annotations

import time

from sqlalchemy import Connection

__all__ = ["PostgresqlServer"]

GRACE, PATIENCE = 1.0, 10.0
"""Seconds within which a closed session should end by itself, and within which it must have ended."""

# A role may drop its own databases, and the databases of roles of which it is a member.
_DATABASES = "SELECT datname FROM pg_database WHERE pg_has_role(datdba, 'USAGE')"
_SESSIONS = """
SELECT pid FROM pg_stat_activity
WHERE application_name = '{0}' OR (datname = '{0}' AND backend_type IS DISTINCT FROM 'autovacuum worker')
"""


class PostgresqlServer:
    """A ``Server`` for PostgreSQL."""

    def claim(self, conn: Connection, name: str) -> None:
        # The owner is idle, so the server must not end idle sessions; the setting exists since PostgreSQL 14.
        conn.exec_driver_sql("SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'")
        conn.exec_driver_sql(f"SELECT set_config('application_name', '{name}', false)")

    def take_over(self, conn: Connection, name: str) -> None:
        self.claim(conn, name)
        others = f"FROM pg_stat_activity WHERE application_name = '{name}' AND pid <> pg_backend_pid()"
        started = time.monotonic()
        asked = False
        while conn.exec_driver_sql(f"SELECT pid {others}").all() and time.monotonic() < started + PATIENCE:
            if not asked and time.monotonic() > started + GRACE:
                asked = bool(conn.exec_driver_sql(f"SELECT pg_terminate_backend(pid) {others}").all())
            time.sleep(0.01)

    def drop(self, conn: Connection, name: str) -> None:
        conn.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def databases(self, conn: Connection) -> list[str]:
        return list(conn.exec_driver_sql(_DATABASES).scalars())

    def drop_unowned(self, conn: Connection, name: str) -> bool:
        if conn.exec_driver_sql(_SESSIONS.format(name)).all():
            return False
        # Without FORCE, PostgreSQL refuses this while a session uses the database.
        conn.exec_driver_sql(f"DROP DATABASE {name}")
        return True
