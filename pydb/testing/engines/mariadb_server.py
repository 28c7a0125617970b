"""Set up and start a MariaDB server for tests: its binaries in, a server with databases out.

The server's time zone is not UTC, so that a test fails if a connection depends on the time zone of the server.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import pymysql
from sqlalchemy import exc

from pydb.testing.servers import PATIENCE, USER, RunningServer, ServerKinds, StartedServer, find_binary


class _Databases:
    """Creates and drops databases by the ``execute`` method of a subclass."""

    execute: Callable[[str], list[Any]]
    copies: ClassVar[bool] = False

    def create_database(self, name: str, template: str | None = None) -> None:
        assert template is None, "MariaDB cannot copy a database"
        self.execute(f"CREATE DATABASE {name}")

    def drop_database(self, name: str) -> None:
        # A session that still locks a table would make DROP DATABASE wait for a day.
        others = f"SELECT id FROM information_schema.processlist WHERE db = '{name}' AND id <> connection_id()"
        for (session,) in self.execute(others):
            with suppress(pymysql.err.OperationalError, exc.OperationalError):
                self.execute(f"KILL {session}")
        self.execute(f"DROP DATABASE IF EXISTS {name}")


class RunningMariadb(_Databases, RunningServer):
    """A MariaDB server that runs already."""

    engine: ClassVar[str] = "mariadb"


class MariadbServer(_Databases, StartedServer):
    """A MariaDB server; ``USER`` has all rights, and there is no other account that a client could use."""

    engine: ClassVar[str] = "mariadb"
    system_user: ClassVar[str] = "mysql"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    first_database: ClassVar[str] = "mysql"
    not_yet: ClassVar[type[Exception]] = pymysql.err.OperationalError
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
            # Relative to the data directory: a long path would not fit into a socket's address.
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
            connect_timeout=int(PATIENCE),
            init_command="SET lock_wait_timeout = 10",
        )

    @staticmethod
    def _binary(name: str) -> Path:
        return find_binary(name, "/usr/sbin", "/usr/libexec", "/usr/local/mysql/bin")


def mariadb_server(_engine: str) -> ServerKinds:
    """The engine's part ``server``."""
    return ServerKinds(MariadbServer, RunningMariadb)
