"""The two kinds of server: how PostgreSQL and MariaDB are set up, started, and asked for databases.

In: a registry's directory, a port, a password.  Out: a ``Server``.  Both run in a time zone that is not UTC and
PostgreSQL sorts text by English rules, so that a statement or a connection that only works under the
engine's most convenient settings fails here.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pymysql

from tests.harness.servers import USER, Server, find_binary
from tests.harness.waiting import ALARM


class PostgresqlServer(Server):
    """A PostgreSQL server; ``USER`` may create databases and owns its own, but is no superuser."""

    engine: ClassVar[str] = "postgresql"
    driver: ClassVar[str] = "postgresql+psycopg"
    system_user: ClassVar[str] = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT
    own_settings: ClassVar[dict[str, object]] = {"synchronous_commit": "on", "log_statement": "all"}

    def _initialise(self) -> None:
        password = self._write("password", self.password)
        self._run(
            [
                self._binary("initdb"),
                f"--pgdata={self.home / 'data'}",
                "--username=postgres",
                f"--pwfile={password}",
                "--auth=md5",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=icu",
                "--icu-locale=en-US",
                "--no-sync",
            ]
        )
        password.unlink()

    def create(self) -> None:
        super().create()
        self.execute(f"CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{self.password}'")

    def _command(self) -> list[str | Path]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            # Shared memory in files of the data directory goes away with it, however the server ends.
            "dynamic_shared_memory_type": "mmap",
            "fsync": "off",
            "max_prepared_transactions": 8,
            # Half of a connection's time is SCRAM's, and the tests make thousands of them.
            "password_encryption": "md5",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "max_wal_size": "256MB",
            # An autovacuum worker in a template database would make its copy wait.
            "autovacuum": "off",
            "max_connections": 200,
            "deadlock_timeout": "50ms",
            "timezone": "Asia/Kathmandu",
            "log_line_prefix": "%m [%p] %d ",
            **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self._binary("postgres"), "-D", self.home / "data", *options]

    def _connect(self) -> Any:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=self.password,
            dbname="postgres",
            autocommit=True,
            connect_timeout=int(ALARM),
        )

    def create_database(self, name: str, template: str | None = None) -> None:
        ((version,),) = self.execute("SHOW server_version_num")
        # Where there is a choice: copying blocks through the log takes three times as long.
        strategy = "STRATEGY file_copy" if int(version) >= 150_000 else ""
        self.execute(f"CREATE DATABASE {name} OWNER {USER} TEMPLATE {template or 'template0'} {strategy}")

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @staticmethod
    def _binary(name: str) -> Path:
        return find_binary(name, "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")


class MariadbServer(Server):
    """A MariaDB server; ``USER`` may do everything, and there is no other account that a client could use."""

    engine: ClassVar[str] = "mariadb"
    driver: ClassVar[str] = "mariadb+pymysql"
    system_user: ClassVar[str] = "mysql"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    own_settings: ClassVar[dict[str, object]] = {"innodb-flush-log-at-trx-commit": 2, "general-log": 1}

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.statement_log = self.home / "statements.log"

    def _initialise(self) -> None:
        self._binary("mariadbd")
        self._write(
            "users.sql",
            f"CREATE USER IF NOT EXISTS '{USER}'@'127.0.0.1' IDENTIFIED BY '{self.password}';\n"
            f"GRANT ALL PRIVILEGES ON *.* TO '{USER}'@'127.0.0.1' WITH GRANT OPTION;\n",
        )
        self._run(
            [
                find_binary("mariadb-install-db", "/usr/bin"),
                "--no-defaults",
                f"--datadir={self.home / 'data'}",
                "--auth-root-authentication-method=socket",
                "--auth-root-socket-user=root",
                "--skip-test-db",
                "--skip-name-resolve",
                "--innodb-log-file-size=16M",
            ]
        )

    def _command(self) -> list[str | Path]:
        settings = {
            "datadir": self.home / "data",
            "tmpdir": self.home,
            "bind-address": "127.0.0.1",
            "port": self.port,
            # Within the data directory: a long path would not fit into a socket's address.
            "socket": "mariadb.sock",
            "init-file": self.home / "users.sql",
            "character-set-server": "utf8mb4",
            "collation-server": "utf8mb4_general_ci",
            "default-time-zone": "+05:45",
            "max-connections": 200,
            "event-scheduler": "OFF",
            "general-log-file": self.statement_log,
            "innodb-log-file-size": "16M",
            "innodb-flush-log-at-trx-commit": 0,
            "innodb-doublewrite": 0,
            **self.settings,
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [self._binary("mariadbd"), "--no-defaults", "--skip-name-resolve", "--skip-ssl", *options]

    def _connect(self) -> Any:
        return pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            autocommit=True,
            connect_timeout=int(ALARM),
            init_command="SET lock_wait_timeout = 10",
        )

    def create_database(self, name: str, template: str | None = None) -> None:
        assert template is None, "MariaDB copies no databases"
        self.execute(f"CREATE DATABASE {name}")

    def drop_database(self, name: str) -> None:
        # A session that still holds a table would make DROP DATABASE wait for a day.
        others = f"SELECT id FROM information_schema.processlist WHERE db = '{name}' AND id <> connection_id()"
        for (session,) in self.execute(others):
            with suppress(pymysql.err.OperationalError):
                self.execute(f"KILL {session}")
        self.execute(f"DROP DATABASE IF EXISTS {name}")

    @staticmethod
    def _binary(name: str) -> Path:
        return find_binary(name, "/usr/sbin", "/usr/libexec", "/usr/local/mysql/bin")


SERVERS: dict[str, type[Server]] = {"postgresql": PostgresqlServer, "mariadb": MariadbServer}
