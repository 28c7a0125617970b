"""Start the servers of a test run: an engine's name in, a running ``StartedServer`` out.

Each server is started once, when the first test needs it, and it is always stopped and deleted.  The owner of all
servers is the pytest process that the user started, which with pytest-xdist is the controller.  Workers get the path of
the directory and use the same servers.  A clean-up process watches the owner, and stops the servers when the owner
ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from pydb.testing import server_cleanup
from pydb.testing.servers import ServerUnavailable, StartedServer, free_port, kinds_of


class ServerRegistry:
    """The servers of a run, in the directory ``path`` of the process ``owner``, or in a new directory of this process.

    ``owner`` is the id of the process with which the servers end.
    """

    def __init__(self, path: Path | None = None, owner: int | None = None) -> None:
        self.path = path or server_cleanup.new_path()
        self._owned = path is None
        self._shared: dict[str, StartedServer] = {}
        self._own: dict[str, StartedServer] = {}
        with suppress(FileExistsError):
            # The servers' system users need access to their own directories below this one.
            self.path.mkdir(mode=0o700)
            self.path.chmod(0o711)
            _start_cleanup(self.path, owner or os.getpid())

    def shared(self, engine: str) -> StartedServer:
        """The run's only server of that engine, started by the first call; raises ServerUnavailable."""
        if engine not in self._shared:
            with (self.path / f"{engine}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._shared[engine] = self._join(engine)
        return self._shared[engine]

    def start(self, engines: Iterable[str]) -> None:
        """Start the shared servers at the same time; a failed start is reported when the server is needed."""
        with ThreadPoolExecutor() as pool:
            for future in [pool.submit(self.shared, engine) for engine in engines]:
                with suppress(ServerUnavailable):
                    future.result()

    def own(self, engine: str) -> StartedServer:
        """Start a second server that only this process uses, and may restart and kill."""
        if engine not in self._own:
            server = self._new(engine, f"{engine}-{os.getpid()}", _kind(engine).own_settings)
            server.create()
            self._own[engine] = server
        if not self._own[engine].running:
            self._own[engine].start()
        return self._own[engine]

    def close(self) -> None:
        """Leave the run; the owner also stops every server and deletes the directory."""
        servers = [*self._shared.values(), *self._own.values()]
        for server in servers:
            server.disconnect()
        if self._owned:
            server_cleanup.end(self.path)
            for server in servers:
                server.wait()

    def _join(self, engine: str) -> StartedServer:
        file = self.path / f"{engine}.json"
        if file.exists():
            known = json.loads(file.read_text())
            if "error" in known:
                raise ServerUnavailable(known["error"])
            return _kind(engine)(self.path, engine, known["port"], known["password"])
        server = self._new(engine, engine)
        try:
            server.create()
        except ServerUnavailable as error:
            self._write(file, {"error": str(error)})
            raise
        self._write(file, {"port": server.port, "password": server.password})
        return server

    def _new(self, engine: str, name: str, settings: dict[str, object] | None = None) -> StartedServer:
        return _kind(engine)(self.path, name, free_port(), f"pw-{secrets.token_hex(12)}", settings)

    @staticmethod
    def _write(file: Path, content: dict[str, object]) -> None:
        file.touch(mode=0o600)
        file.write_text(json.dumps(content))


def _start_cleanup(path: Path, owner: int) -> None:
    command = [sys.executable, "-I", server_cleanup.__file__, str(path), str(owner)]
    cleanup = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    # The clean-up process must run longer than this process, so nothing waits for it.
    cleanup.returncode = 0


def _kind(engine: str) -> type[StartedServer]:
    return kinds_of(engine).started
