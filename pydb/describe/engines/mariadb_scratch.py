"""Manage scratch databases on MariaDB: a connection and a name in; the database claimed or dropped, out.

The owner of a database has the user lock of that name: https://mariadb.com/kb/en/get_lock/.
"""

from __future__ import annotations

from sqlalchemy import Connection

from pydb.engines.mariadb.session_kill import end_sessions

__all__ = ["MariadbServer"]

GRACE, PATIENCE = 1, 10
"""Seconds within which a closed session should end by itself, and within which it ends after KILL."""

LONGEST = 86_400
"""Seconds that the owner may be idle: no check takes longer."""


class MariadbServer:
    """A ``Server`` for MariaDB.

    A lock belongs to one server.  In a cluster or on a replica, an owner may be connected to another server: there, no
    database counts as left behind.
    """

    def claim(self, conn: Connection, name: str) -> None:
        # The owner is idle while another session checks statements.
        conn.exec_driver_sql(f"SET SESSION wait_timeout = {LONGEST}")
        if not _is_replicated(conn):
            conn.exec_driver_sql(f"SELECT GET_LOCK('{name}', 0)")

    def take_over(self, conn: Connection, name: str) -> None:
        if _is_replicated(conn) or _lock(conn, name, GRACE):
            return
        owner = conn.exec_driver_sql(f"SELECT IS_USED_LOCK('{name}')").scalar()
        if owner is not None:
            end_sessions(conn, [owner])
        _lock(conn, name, PATIENCE)

    def drop(self, conn: Connection, name: str) -> None:
        # DROP DATABASE would wait for the tables that these sessions use.
        end_sessions(conn, _sessions_in(conn, name))
        conn.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")

    def databases(self, conn: Connection) -> list[str]:
        if _is_replicated(conn):
            return []
        return list(conn.exec_driver_sql("SELECT schema_name FROM information_schema.schemata").scalars())

    def drop_unowned(self, conn: Connection, name: str) -> bool:
        # The session with the lock is the owner, also if it is another check that is about to drop the database.
        if not _lock(conn, name, 0):
            return False
        try:
            unused = not _sessions_in(conn, name)
            if unused:
                conn.exec_driver_sql(f"DROP DATABASE {name}")
            return unused
        finally:
            conn.exec_driver_sql(f"SELECT RELEASE_LOCK('{name}')")


def _lock(conn: Connection, name: str, seconds: int) -> bool:
    return conn.exec_driver_sql(f"SELECT GET_LOCK('{name}', {seconds})").scalar() == 1


def _sessions_in(conn: Connection, name: str) -> list[int]:
    """The sessions whose current database it is; without the PROCESS privilege, only those of this user."""
    query = f"SELECT id FROM information_schema.processlist WHERE db = '{name}' AND id <> connection_id()"
    return list(conn.exec_driver_sql(query).scalars())


def _is_replicated(conn: Connection) -> bool:
    """Whether the server is a node of a Galera cluster, or has ever been a replica."""
    query = "SHOW GLOBAL VARIABLES WHERE variable_name IN ('wsrep_on', 'gtid_slave_pos')"
    values = {name.lower(): value for name, value in conn.exec_driver_sql(query)}
    return values.get("wsrep_on") == "ON" or bool(values.get("gtid_slave_pos"))
