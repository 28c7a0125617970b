"""The modes of a MariaDB session: two modes in, the SQL that switches between them out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

# Not 1205, which undoes only its statement:
# https://mariadb.com/kb/en/innodb-system-variables/#innodb_rollback_on_timeout.
_ROLLED_BACK = (1213, 1020)
STATE_CHANGED = 0x4000  # SERVER_SESSION_STATE_CHANGED: https://mariadb.com/kb/en/ok_packet/#server-status-flag
PACKET_TOO_LARGE = 1153
SMALL = 16_384
"""A statement of at most this many bytes is sent without asking for ``max_allowed_packet``."""

# The first releases with innodb_snapshot_isolation: https://mariadb.com/kb/en/innodb-system-variables/
_WITH_SNAPSHOTS = {(10, 6): 18, (10, 11): 8, (11, 0): 6, (11, 1): 5, (11, 2): 4}


Mode = Mapping[str, str]
"""A mode of a session: the session variables, with their values, that are set while the session is in the mode."""

PLAIN: Mode = MappingProxyType({})
# Not only in the transaction of read(), because a CREATE TABLE, or a COMMIT in SQL, ends that transaction.
READS: Mode = MappingProxyType({"tx_isolation": "'REPEATABLE-READ'", "tx_read_only": "1"})
SNAPSHOT: Mode = MappingProxyType({"innodb_snapshot_isolation": "ON"})
SNAPSHOT_READS: Mode = MappingProxyType({**READS, **SNAPSHOT})


def rolls_back_transaction(error: BaseException) -> bool:
    """Whether this error of the driver means that the server has rolled back the transaction."""
    return bool(error.args) and error.args[0] in _ROLLED_BACK


def has_snapshot_isolation(version: str) -> bool:
    """Whether a server of this version has ``innodb_snapshot_isolation``."""
    found = re.search(r"(\d+)\.(\d+)\.(\d+)-MariaDB", version)
    if found is None:
        return False
    major, minor, patch = (int(part) for part in found.groups())
    return (major, minor) >= (11, 3) or patch >= _WITH_SNAPSHOTS.get((major, minor), 1_000)


def mode_change(before: Mode, after: Mode) -> str:
    """SQL that ends the mode ``before`` of a session and begins the mode ``after``."""
    assignments = [f"{name} = @pydb_{name}" for name in before if name not in after]
    assignments += [f"@pydb_{name} = @@{name}" for name in after if name not in before]
    assignments += [f"{name} = {value}" for name, value in after.items() if name not in before]
    return "SET " + ", ".join(assignments)
