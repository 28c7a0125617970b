"""A run's servers: started once each, when the first test needs them, and always stopped and deleted.

In: an engine's name.  Out: a running ``Server``.  The pytest process that the user started (pytest-xdist's
controller, where there is one) makes the registry's directory and so owns every server in it; workers get its path and
use the same servers.  A clean-up process holds the other end of a pipe: however the owner ends, the servers end too.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from tests.harness import server_cleanup
from tests.harness.server_engines import SERVERS
from tests.harness.servers import Server, ServerUnavailable, free_port
from tests.harness.waiting import ALARM

MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 2 * 1024**3


def _memory() -> Path | None:
    """A file system in memory, if there is one with space: creating a database creates hundreds of files."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
        return MEMORY
    return None


class ServerRegistry:
    """The directory of a run's servers.  Without ``path`` a new one, which is owned; with it another process's."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(tempfile.mkdtemp(prefix="pydb-servers-", dir=_memory()))
        self._cleanup = None if path else self._start_cleanup()
        self._shared: dict[str, Server] = {}
        self._own: dict[str, Server] = {}

    def shared(self, engine: str) -> Server:
        """The run's one server of that engine, started by the first who asks; raises ServerUnavailable."""
        if engine not in self._shared:
            with (self.path / f"{engine}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._shared[engine] = self._join(engine)
        return self._shared[engine]

    def start(self, engines: Iterable[str]) -> None:
        """Start the shared servers at the same time; one that does not start says so when it is asked for."""
        with ThreadPoolExecutor() as pool:
            for future in [pool.submit(self.shared, engine) for engine in engines]:
                with suppress(ServerUnavailable):
                    future.result()

    def own(self, engine: str) -> Server:
        """A second server that only this process uses, and may restart and kill; running when returned."""
        if engine not in self._own:
            server = self._new(engine, f"{engine}-{os.getpid()}", SERVERS[engine].own_settings)
            server.create()
            self._own[engine] = server
        if not self._own[engine].running:
            self._own[engine].start()
        return self._own[engine]

    def close(self) -> None:
        """Leave; the owner also stops every server and deletes the directory."""
        servers = [*self._shared.values(), *self._own.values()]
        for server in servers:
            server.disconnect()
        if self._cleanup is None:
            return
        assert self._cleanup.stdin is not None
        # A byte, not only the end of the pipe: a forked child of a test may hold the pipe open.
        self._cleanup.stdin.write(b".")
        self._cleanup.stdin.close()
        self._cleanup.wait(ALARM)
        for server in servers:
            server.wait()

    def _join(self, engine: str) -> Server:
        file = self.path / f"{engine}.json"
        if file.exists():
            known = json.loads(file.read_text())
            if "error" in known:
                raise ServerUnavailable(known["error"])
            return SERVERS[engine](self.path, engine, known["port"], known["password"])
        server = self._new(engine, engine)
        try:
            server.create()
        except ServerUnavailable as error:
            self._write(file, {"error": str(error)})
            raise
        self._write(file, {"port": server.port, "password": server.password})
        return server

    def _new(self, engine: str, name: str, settings: dict[str, object] | None = None) -> Server:
        return SERVERS[engine](self.path, name, free_port(), f"pw-{secrets.token_hex(12)}", settings)

    @staticmethod
    def _write(file: Path, content: dict[str, object]) -> None:
        file.touch(mode=0o600)
        file.write_text(json.dumps(content))

    def _start_cleanup(self) -> subprocess.Popen[bytes]:
        # The servers' system users pass through this directory to their own.
        self.path.chmod(0o711)
        return subprocess.Popen(
            [sys.executable, "-I", server_cleanup.__file__, str(self.path)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
