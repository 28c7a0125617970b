"""A PostgreSQL primary and hot standbys: a registry's directory in; running servers and their URLs out.

A transaction is acknowledged when one of the standbys has received it.  So the standby that has received most can be
promoted without losing a transaction.
"""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from tests.harness.server_engines import PostgresqlServer
from tests.harness.servers import free_port
from tests.harness.waiting import wait_until

REPLICATED: dict[str, object] = {
    "wal_level": "replica",
    "max_wal_senders": 10,
    "wal_keep_size": "512MB",
    "synchronous_commit": "on",
    "hot_standby_feedback": "off",
    "max_standby_streaming_delay": "0",
    "wal_receiver_status_interval": "1s",
    "wal_retrieve_retry_interval": "100ms",
}


class Standby(PostgresqlServer):
    """A hot standby of ``primary``; its name in ``synchronous_standby_names`` is the name of its folder."""

    primary: PostgresqlServer

    def _initialise(self) -> None:
        address = f"host=127.0.0.1 port={self.primary.port} user=postgres password={self.password}"
        self._run(
            [
                self._binary("pg_basebackup"),
                f"--pgdata={self.home / 'data'}",
                f"--dbname={address}",
                "--write-recovery-conf",
                "--checkpoint=fast",
                "--wal-method=stream",
                "--no-sync",
            ]
        )

    def create(self) -> None:
        super(PostgresqlServer, self).create()  # the roles are part of the copy

    def promote(self) -> None:
        """Promote the standby to a primary."""
        assert self.execute("SELECT pg_promote(true, 60)") == [(True,)]

    def received(self) -> int:
        """The part of the primary's log that the standby has received."""
        ((position,),) = self.execute(
            "SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn"
        )
        return int(position)


class ReplicatedPostgresql:
    """A primary and two standbys, running."""

    def __init__(self, directory: Path) -> None:
        self.password = f"pw-{secrets.token_hex(12)}"
        self.directory = directory
        self._servers: list[PostgresqlServer] = []
        self.primary: PostgresqlServer = self._new(PostgresqlServer, "primary", REPLICATED)
        self.primary.create()
        self.standbys = [self.add_standby() for _ in range(2)]
        names = ", ".join(f'"{standby.home.name}"' for standby in self.standbys)
        self.primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 ({names})'")
        self.primary.execute("SELECT pg_reload_conf()")
        wait_until(self._is_synchronous, "the standbys are in step")

    def add_standby(self) -> Standby:
        """Add a standby to the primary."""
        made: Standby = self._new(Standby, "standby", REPLICATED)
        made.settings = {**REPLICATED, "cluster_name": made.home.name}
        made.primary = self.primary
        made.create()
        return made

    def close(self) -> None:
        """Stop all servers that were started."""
        for server in self._servers:
            if server.running:
                server.kill()

    def create_database(self, name: str) -> str:
        """The URL, on the primary, of a new database that the standbys have received."""
        self.primary.create_database(name)
        for standby in self.standbys:
            wait_until(
                partial(standby.execute, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"),
                "the database is on the standby",
            )
        return self.primary.url(name)

    def fail_over(self) -> Standby:
        """After the primary was stopped, promote the standby that has received most; the other one follows it."""
        new, *others = sorted(self.standbys, key=lambda standby: standby.received(), reverse=True)
        new.promote()
        address = f"host=127.0.0.1 port={new.port} user=postgres password={self.password}"
        for other in others:
            other.execute(f"ALTER SYSTEM SET primary_conninfo = '{address} application_name={other.home.name}'")
            other.execute("SELECT pg_reload_conf()")
        self.primary, self.standbys = new, others
        return new

    def _is_synchronous(self) -> bool:
        ((count,),) = self.primary.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'")
        return bool(count == len(self.standbys))

    def _new(self, kind: Any, name: str, settings: dict[str, object]) -> Any:
        port = free_port()
        made = kind(self.directory, f"{name}-{port}", port, self.password, settings)
        self._servers.append(made)
        return made


def several_hosts(url: str, ports: list[int], **options: str) -> str:
    """The same SQLAlchemy URL for several servers, with options of libpq."""
    hosts = tuple(f"127.0.0.1:{port}" for port in ports)
    made = make_url(url).set(host=None, port=None).update_query_dict({"host": hosts, **options})
    return made.render_as_string(hide_password=False)
