"""Start servers for tests, on free loopback ports: installed binaries in, ``StartedServer`` objects out.

Each has a user, a password and databases made on demand.  What differs between engines is in ``engines/``;
``server_registry`` starts and ends them.  A server that already runs on this machine is never used.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import URL, make_url

from pydb.database import Database
from pydb.database.error_translation import translated
from pydb.engines import engine_names, part, registration
from pydb.engines.base import rules_of
from pydb.testing import server_cleanup

__all__ = [
    "PATIENCE",
    "USER",
    "DatabaseHost",
    "RunningServer",
    "ServerKinds",
    "ServerUnavailable",
    "StartedServer",
    "find_binary",
    "free_port",
    "kinds_of",
    "server_engines",
]

USER = "pydb"

PATIENCE = 60.0
"""The maximum time that a server may take to start or to end, in seconds."""


class ServerUnavailable(Exception):
    """The binaries are missing, or the server did not start; the message names them and the reason."""


def find_binary(name: str, *folders: str) -> Path:
    """The newest binary of that name in the folders (globs), else on PATH; raises ServerUnavailable."""
    # The folders are searched first: a wrapper with the same name on PATH may refer to a server that already runs.
    found = [path for folder in folders for path in Path("/").glob(f"{folder.lstrip('/')}/{name}")]
    if found:
        return max(found, key=lambda path: [int(part) for part in path.parts if part.isdigit()])
    if on_path := shutil.which(name):
        return Path(on_path)
    raise ServerUnavailable(f"{name} is not installed")


def free_port() -> int:
    """A free loopback port, below the range of ports for outgoing connections."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def server_engines() -> tuple[str, ...]:
    """The engines that have a server to start."""
    return tuple(name for name in engine_names() if "server" in registration(name).parts)


def kinds_of(engine: str) -> ServerKinds:
    """The server classes of an engine that has servers.  Raises ServerUnavailable without the driver."""
    try:
        kinds: ServerKinds = part(engine, "server")
        return kinds
    except ModuleNotFoundError as error:
        missing = error.name
    raise ServerUnavailable(f"module {missing} is not installed    hint: pip install 'pydb[{engine}]'")


class DatabaseHost(ABC):
    """A place where databases are made: a server, or a folder.

    ``copies`` says that it can create a database as a copy of another one.
    """

    engine: ClassVar[str]
    copies: ClassVar[bool] = True

    @abstractmethod
    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database, with the password."""

    @abstractmethod
    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a database, empty or, if the host ``copies``, as a copy of ``template``, which must not be in use."""

    @abstractmethod
    def drop_database(self, name: str) -> None:
        """Drop the database, and end the sessions that are still connected to it."""


class RunningServer(DatabaseHost):
    """A server that runs already, at the URL of a user who may create databases."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._database = Database(url, pool_size=1)

    def url(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)

    def execute(self, statement: str) -> list[Any]:
        """Run one statement outside any transaction, and return its rows."""
        options = {"isolation_level": "AUTOCOMMIT", "no_parameters": True}
        with (
            translated(self._database.rules),
            self._database.connect().execution_options(**options) as conn,
        ):
            result = conn.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []

    def disconnect(self) -> None:
        """Close this object's own connection."""
        self._database.close()


class ServerKinds(NamedTuple):
    """An engine's part ``server``: the class of servers that are started, and that of servers that already run."""

    started: type[StartedServer]
    running: type[RunningServer]


class StartedServer(DatabaseHost):
    """A database server with its own data and port, and with a password for ``USER``."""

    system_user: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]
    first_database: ClassVar[str]
    """A database that exists when the server is created."""
    not_yet: ClassVar[type[Exception]]
    """The exceptions that the driver raises while the server starts."""
    own_settings: ClassVar[dict[str, object]]
    """Settings of a server that a test may kill: committed data is kept, and every statement is logged."""

    def __init__(
        self, directory: Path, name: str, port: int, password: str, settings: dict[str, object] | None = None
    ) -> None:
        self.home = directory / name
        self.port = port
        self.password = password
        self.settings = settings or {}
        self.log = self.home / "server.log"
        self.statement_log = self.log
        self._pid_file = directory / f"{name}.pid"
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: Any = None

    @abstractmethod
    def _initialise(self) -> None:
        """Make the data directory; the server is not running."""

    @abstractmethod
    def _command(self) -> list[str | Path]:
        """The command line that runs the server in the foreground."""

    @abstractmethod
    def _connect(self) -> Any:
        """A driver connection in autocommit mode that may create and drop databases."""

    def url(self, database: str, port: int | None = None) -> str:
        """The SQLAlchemy URL of a database, with the password; ``port`` is that of a proxy in front of the server."""
        url = URL.create(rules_of(self.engine).driver, USER, self.password, "127.0.0.1", port or self.port, database)
        return url.render_as_string(hide_password=False)

    def create(self) -> None:
        """Make the data directory and start; raises ServerUnavailable."""
        self.home.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(self.home, *self._owner())
        self._initialise()
        self.start()

    def start(self) -> None:
        """Start and wait until it answers; raises ServerUnavailable with the end of its log."""
        self._process = self._popen(self._command(), start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(self.not_yet):
                self._admin = self._connect()
                return
            time.sleep(0.02)
        raise ServerUnavailable(f"{self.engine} did not start:\n{self._log_end()}")

    def stop(self) -> None:
        """Shut down cleanly: sessions are ended, and data is kept."""
        self._end(self.stop_signal)

    def restart(self) -> None:
        """Shut down cleanly and start again, on the same port with the same data."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """End every process of the server with SIGKILL, as a crash would; ``start()`` recovers the data."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Freeze every process of the server: it keeps its connections and does not answer."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server continue."""
        self._signal(signal.SIGCONT)

    def _signal(self, sig: signal.Signals) -> None:
        assert self._process is not None, "only the process that started a server may stop it"
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        for pid in (self._process.pid, *map(int, children.split())):
            with suppress(ProcessLookupError):
                os.kill(pid, sig)

    @property
    def running(self) -> bool:
        """Whether the server, which this process must have started, runs."""
        return self._process is not None and self._process.poll() is None

    def wait(self) -> None:
        """Wait for the end of a server that this process started and another one ends."""
        if self._process is not None:
            self._process.wait(PATIENCE)

    def disconnect(self) -> None:
        """Close this object's own connection; the server keeps running."""
        if self._admin is not None:
            self._admin.close()
            self._admin = None

    def execute(self, statement: str) -> list[Any]:
        """Run one statement as the administrator, outside any transaction, and return its rows."""
        if self._admin is None:
            self._admin = self._connect()
        with self._admin.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def _end(self, sig: signal.Signals) -> None:
        assert self._process is not None, "only the process that started a server may end it"
        self.disconnect()
        pids = [self._process.pid]
        if sig == signal.SIGKILL:
            # Otherwise PostgreSQL's sessions would run a moment longer than their parent.
            with suppress(OSError):
                children = Path(f"/proc/{pids[0]}/task/{pids[0]}/children").read_text()
                pids += [int(pid) for pid in children.split()]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, sig)
        self._process.wait(PATIENCE)
        self._pid_file.unlink(missing_ok=True)
        while any(map(server_cleanup.alive, pids)):
            time.sleep(0.01)

    def _run(self, command: Sequence[str | Path]) -> None:
        status = self._popen(command).wait(PATIENCE)
        self._pid_file.unlink()
        if status != 0:
            raise ServerUnavailable(f"{Path(command[0]).name} failed:\n{self._log_end()}")

    def _popen(self, command: Sequence[str | Path], *, start_new_session: bool = False) -> subprocess.Popen[bytes]:
        is_root = os.geteuid() == 0
        uid, gid = self._owner() if is_root else (None, None)
        # No other variable is passed, because PGDATA, PGPORT and similar variables name other servers.
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(self.home)}
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=self.home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=start_new_session,
                user=uid,
                group=gid,
                extra_groups=[] if is_root else None,
            )
        self._pid_file.write_text(str(process.pid))
        return process

    def _write(self, name: str, text: str) -> Path:
        """A file beside the data that only the server's system user reads."""
        path = self.home / name
        path.touch(mode=0o600)
        path.write_text(text)
        if os.geteuid() == 0:
            os.chown(path, *self._owner())
        return path

    def _owner(self) -> tuple[int, int]:
        import pwd  # Windows has no such module; servers are not started there

        for name in (self.system_user, "nobody"):
            with suppress(KeyError):
                entry = pwd.getpwnam(name)
                return entry.pw_uid, entry.pw_gid
        raise ServerUnavailable(f"{self.engine} cannot run as root, and the user {self.system_user} does not exist")

    def _log_end(self) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-15:])
