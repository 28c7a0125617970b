"""PostgreSQL's positions: a connection to a primary in, its position in the write-ahead log out.

Source: https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-RECOVERY-CONTROL.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from sqlalchemy import Connection

from pydb.engines.positions import Positions

__all__ = ["PostgresqlPositions"]

_LSN = re.compile(r"([0-9A-F]{1,8})/([0-9A-F]{1,8})")
_CURRENT = "SELECT CAST(pg_catalog.pg_current_wal_insert_lsn() AS text)"
# A standby that was promoted has stopped replaying: it is asked for its own write position.
_REPLAYED = """\
SELECT CASE
    WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
    ELSE pg_catalog.pg_current_wal_insert_lsn()
END"""


class PostgresqlPositions(Positions):
    """Positions such as ``16/B374D848``: two hexadecimal numbers."""

    kept: ClassVar[bool] = True

    def current(self, conn: Connection, *, needed: bool) -> str:
        return str(conn.exec_driver_sql(_CURRENT).scalar_one())

    def is_position(self, position: str) -> bool:
        return _LSN.fullmatch(position) is not None

    def question(self, position: str) -> str:
        return _REPLAYED

    def ask(self, driver: Any, question: str) -> str | None:
        from pydb.engines.postgresql.driver import send

        answer = send(driver, question.encode())[-1].get_value(0, 0)
        return None if answer is None else answer.decode()

    def has_reached(self, answer: str | None, position: str) -> bool:
        return answer is not None and _number(answer) >= _number(position)


def _number(position: str) -> int:
    high, low = position.split("/")
    return int(high, 16) << 32 | int(low, 16)
