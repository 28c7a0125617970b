"""A MariaDB primary with a binary log, and a replica of it: a registry's directory in, both running out."""

from __future__ import annotations

import secrets
from pathlib import Path

from tests.harness.server_engines import MariadbServer
from tests.harness.servers import USER, free_port


class ReplicatedMariadb:
    """A primary and one replica, each with its own GTID domain."""

    def __init__(self, directory: Path) -> None:
        password = f"pw-{secrets.token_hex(12)}"
        made = []
        for number, name in enumerate(("source", "replica"), 1):
            port = free_port()
            settings: dict[str, object] = {"log-bin": "log", "server-id": number, "binlog-format": "ROW"}
            if name == "replica":
                settings |= {"read-only": "ON", "log-slave-updates": "ON"}
            made.append(MariadbServer(directory, f"{name}-{port}", port, password, settings))
        self.primary, self.replica = made
        for server in made:
            server.create()
        self.replica.execute(
            f"CHANGE MASTER TO master_host='127.0.0.1', master_port={self.primary.port}, master_user='{USER}', "
            f"master_password='{password}', master_use_gtid=slave_pos, master_connect_retry=1"
        )
        # Both servers have created the same user.
        ((position,),) = self.primary.execute("SELECT @@GLOBAL.gtid_binlog_pos")
        self.replica.execute(f"SET GLOBAL gtid_slave_pos = '{position}'")
        self.replica.execute("START SLAVE")

    def close(self) -> None:
        """Stop both servers."""
        for server in (self.primary, self.replica):
            if server.running:
                server.kill()
