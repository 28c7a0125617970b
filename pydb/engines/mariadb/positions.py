"""MariaDB's positions: a connection to a primary in, its GTIDs out; of the binary log or of a Galera cluster.

Sources: https://mariadb.com/kb/en/gtid/, https://mariadb.com/kb/en/wsrep_sync_wait_upto_gtid/.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from sqlalchemy import Connection

from pydb.engines.positions import Positions
from pydb.errors import PydbError

__all__ = ["MariadbPositions"]

_GALERA = "galera:"
_GTID = r"[0-9]{1,10}-[0-9]{1,10}-[0-9]{1,19}"
_POSITION = re.compile(rf"{_GALERA}{_GTID}|{_GTID}(?:,{_GTID}){{0,99}}")
_WHAT = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'log_bin', 'gtid_binlog_pos')"
# On any node, this waits for everything that the cluster has committed.
_SEEN = "SET STATEMENT wsrep_sync_wait = 1 FOR SELECT wsrep_last_seen_gtid()"
_NOT_YET = 1205


class MariadbPositions(Positions):
    """Positions such as ``0-1-57``, one GTID for each domain, or ``galera:0-1-57``."""

    kept: ClassVar[bool] = True

    def current(self, conn: Connection, *, needed: bool) -> str:
        found = {str(name).lower(): str(value) for name, value in conn.exec_driver_sql(_WHAT)}
        if found.get("wsrep_on") == "ON":
            driver: Any = conn.connection.driver_connection
            changed = getattr(driver, "changed", None)
            seen = conn.exec_driver_sql(_SEEN).scalar_one()
            if changed is not None:
                driver.changed = changed  # SET STATEMENT restores the setting itself
            return _GALERA + (seen.decode() if isinstance(seen, bytes) else str(seen))
        if found.get("log_bin") == "ON":
            return found.get("gtid_binlog_pos", "")
        if needed:
            raise PydbError(
                "the primary keeps no position with which replicas can be compared",
                hint="enable log_bin on the primary",
            )
        return ""

    def is_position(self, position: str) -> bool:
        return _POSITION.fullmatch(position) is not None

    def question(self, position: str) -> str:
        if position.startswith(_GALERA):
            # Only a server with Galera can wait; any other answers 0 at once.
            return f"SELECT IF(@@GLOBAL.wsrep_on, wsrep_sync_wait_upto_gtid('{position.removeprefix(_GALERA)}', 0), 0)"
        return "SELECT @@GLOBAL.gtid_current_pos"

    def ask(self, driver: Any, question: str) -> str | None:
        try:
            with driver.cursor() as cursor:
                cursor.execute(question)
                row = cursor.fetchone()
        except Exception as error:  # each driver has its own exception classes
            if error.args and error.args[0] == _NOT_YET:
                return None
            raise
        return None if row is None or row[0] is None else str(row[0])

    def has_reached(self, answer: str | None, position: str) -> bool:
        if position.startswith(_GALERA):
            return answer == "1"
        found = _numbers(answer or "")
        return all(found.get(domain, -1) >= number for domain, number in _numbers(position).items())


def _numbers(position: str) -> dict[str, int]:
    """The number of the last transaction of each domain."""
    parts = (gtid.split("-") for gtid in position.split(",") if gtid)
    return {domain: int(number) for domain, _, number in parts}
