"""A MariaDB Galera cluster: a registry's directory in, running nodes out, all of which accept reads and writes."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from tests.harness.server_engines import MariadbServer
from tests.harness.servers import ServerUnavailable, free_port
from tests.harness.waiting import wait_until

PROVIDERS = ("/usr/lib/galera/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so")
SETTINGS: dict[str, object] = {
    "binlog-format": "ROW",
    "innodb-autoinc-lock-mode": 2,
    "innodb-flush-log-at-trx-commit": 2,
    "innodb-buffer-pool-size": "32M",
    "performance-schema": "OFF",
    "wsrep-on": "ON",
    "wsrep-sst-method": "rsync",
    "wsrep-slave-threads": 2,
}
# A node that does not answer is removed after one second instead of five; the cache of writes is small.
PROVIDER = (
    "gcache.size=16M;evs.suspect_timeout=PT1S;evs.inactive_timeout=PT3S;evs.keepalive_period=PT0.3S;"
    "evs.inactive_check_period=PT0.3S;evs.install_timeout=PT3S;pc.recovery=true"
)


TRIES = 3


class GaleraNode(MariadbServer):
    """One node; ``addresses`` are the addresses of all nodes of its cluster."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        provider = next((path for path in PROVIDERS if Path(path).exists()), None)
        if provider is None:
            raise ServerUnavailable("galera-4 is not installed")
        self.address = f"127.0.0.1:{free_port()}"
        self.addresses: list[str] = []
        self._transfer = 0
        self._begins = False
        self.settings = {
            **SETTINGS,
            "server-id": self.port,
            "wsrep-provider": provider,
            "wsrep-cluster-name": "tests",
            "wsrep-node-name": self.home.name,
            "wsrep-node-address": self.address,
        }

    def _command(self) -> list[str | Path]:
        options = f"{PROVIDER};gmcast.listen_addr=tcp://{self.address};ist.recv_addr=127.0.0.1:{self._transfer}"
        command = [
            *super()._command(),
            f"--wsrep-provider-options={options}",
            f"--wsrep-cluster-address=gcomm://{'' if self._begins else ','.join(self.addresses)}",
        ]
        return [*command, "--wsrep-new-cluster"] if self._begins else command

    def begin(self) -> None:
        """Set up the node, and start it as the first node of a new cluster."""
        self._begins = True
        self.create()
        self._begins = False

    def start(self) -> None:
        # A node that copies the data of another one fails if anything is late, or if a port is in use.
        for tries_left in reversed(range(TRIES)):
            self._transfer = free_port()
            self.settings["wsrep-sst-receive-address"] = f"127.0.0.1:{free_port()}"
            try:
                super().start()
                break
            except ServerUnavailable:
                if self.running:
                    self.kill()
                if not tries_left:
                    raise ServerUnavailable(f"a node of Galera did not start:\n{self._errors()}") from None
        wait_until(self.is_ready, f"{self.home.name} is a part of the cluster")

    def _errors(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(line for line in lines if "[ERROR]" in line or "[Warning]" in line or "WSREP_SST" in line)

    def is_ready(self) -> bool:
        """Whether the node accepts statements, by the rules of clustercheck."""
        return self.status("wsrep_ready") == "ON" and self.status("wsrep_local_state") == "4"

    def status(self, name: str) -> str:
        """The value of one of the node's status variables."""
        return str(self.execute(f"SHOW GLOBAL STATUS LIKE '{name}'")[0][1])


class Galera:
    """A running cluster of three nodes."""

    def __init__(self, directory: Path, count: int = 3) -> None:
        password = f"pw-{secrets.token_hex(12)}"
        self.nodes: list[GaleraNode] = []
        for number in range(count):
            port = free_port()
            self.nodes.append(GaleraNode(directory, f"node{number}-{port}", port, password))
        for node in self.nodes:
            node.addresses = [other.address for other in self.nodes]
        self.nodes[0].begin()
        for node in self.nodes[1:]:
            node.create()

    def close(self) -> None:
        """End all nodes."""
        for node in self.nodes:
            if node.running:
                node.thaw()
                node.kill()
