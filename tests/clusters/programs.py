"""A program in front of database servers: its command line in, a process on a loopback port out.

The process is recorded in the directory of a ``ServerRegistry``, which stops it however the tests end.
"""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import tempfile
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tests.harness.servers import ServerUnavailable, free_port
from tests.harness.waiting import wait_until


class Program(ABC):
    """A program in the foreground that listens on ``port``.  Its files are in ``home``, its output is in ``log``."""

    def __init__(self, directory: Path, name: str) -> None:
        self.port = free_port()
        # An earlier program of the run may have had the same port.
        self.home = Path(tempfile.mkdtemp(prefix=f"{name}-{self.port}-", dir=directory))
        self.home.chmod(0o755)
        self.log = self.home / "program.log"
        self._pid_file = directory / f"{self.home.name}.pid"
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            os.chown(self.home, *_nobody())

    @abstractmethod
    def command(self) -> list[str | Path]:
        """The command line."""

    def start(self) -> Self:
        """Start the program, and wait until it listens.  Raises ServerUnavailable."""
        who: dict[str, Any] = {}
        if os.geteuid() == 0:
            uid, gid = _nobody()
            who = {"user": uid, "group": gid, "extra_groups": []}
        with self.log.open("ab") as log:
            self._process = process = subprocess.Popen(
                self.command(), cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **who
            )
        self._pid_file.write_text(str(process.pid))
        wait_until(lambda: process.poll() is not None or self._listens(), f"{self.home.name} listens")
        if process.poll() is not None:
            raise ServerUnavailable(f"{self.home.name} did not start:\n{self.log.read_text(errors='replace')}")
        return self

    def stop(self, sig: signal.Signals = signal.SIGKILL) -> None:
        """Stop the program; its clients lose their connections."""
        if self._process is not None:
            self._process.send_signal(sig)
            self._process.wait()
            self._process = None
            self._pid_file.unlink(missing_ok=True)

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


def _nobody() -> tuple[int, int]:
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid
