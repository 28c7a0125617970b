"""Scratch databases on MariaDB: the owner holds the lock of the database's name, https://mariadb.com/kb/en/get_lock/."""

from __future__ import annotations

from sqlalchemy import Connection

from pydb.engines.mariadb.session_kill import end_sessions

__all__ = ["MariadbServer"]

GRACE, PATIENCE = 1, 10
"""Seconds for a closed session to end by itself, and then to be ended."""

LONGEST = 86_400
"""Seconds for which the owner may be idle: no check lasts longer."""


class MariadbServer:
    """A ``Server``.

    Locks are those of one server.  Where databases come from other servers too, a cluster's or a primary, nothing is
    taken for left behind.
    """

    def claim(self, conn: Connection, name: str) -> None:
        # The owner is idle while statements are checked in another session.
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
        # DROP DATABASE would wait for the tables that they use.
        end_sessions(conn, _sessions_in(conn, name))
        conn.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")

    def databases(self, conn: Connection) -> list[str]:
        if _is_replicated(conn):
            return []
        return list(conn.exec_driver_sql("SELECT schema_name FROM information_schema.schemata").scalars())

    def drop_unowned(self, conn: Connection, name: str) -> bool:
        # Who has the lock is its owner: a check that is about to drop it, too.
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
    """The sessions whose current database it is; without the PROCESS privilege, this user's."""
    query = f"SELECT id FROM information_schema.processlist WHERE db = '{name}' AND id <> connection_id()"
    return list(conn.exec_driver_sql(query).scalars())


def _is_replicated(conn: Connection) -> bool:
    """Whether the server is a node of a Galera cluster, or has ever been a replica."""
    query = "SHOW GLOBAL VARIABLES WHERE variable_name IN ('wsrep_on', 'gtid_slave_pos')"
    values = {name.lower(): value for name, value in conn.exec_driver_sql(query)}
    return values.get("wsrep_on") == "ON" or bool(values.get("gtid_slave_pos"))
