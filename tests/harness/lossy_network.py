"""A network that loses every packet on demand: a server's loopback port in, a port behind a separate network out.

It is a network namespace with a virtual cable to this machine.  A thread that enters it opens its sockets there.  This
needs root on Linux.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

Result = TypeVar("Result")

CLONE_NEWNET = 0x40000000


class LossyNetwork:
    """A network namespace; ``host`` is this machine's address in it.  Raises OSError if it cannot be created."""

    def __init__(self) -> None:
        # A thread in the namespace starts programs in the namespace; this thread stays outside.
        self._outside = ThreadPoolExecutor(1)
        number = os.getpid() % 60_000
        self.name = f"pydb{number}"
        self._cable = f"pydb{number}a"
        self.host = f"10.{200 + number // 16_384}.{number // 64 % 256}.{number % 64 * 4 + 1}"
        peer = self.host.rpartition(".")[0] + f".{number % 64 * 4 + 2}"
        self._run("netns", "add", self.name)
        try:
            self._run("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
            self._run("addr", "add", f"{self.host}/30", "dev", self._cable)
            self._run("link", "set", self._cable, "up")
            for command in (("addr", "add", f"{peer}/30", "dev", "eth0"), ("link", "set", "eth0", "up")):
                self._run("-n", self.name, *command)
        except OSError:
            self.close()
            raise

    def lose(self) -> None:
        """Lose every packet from now on."""
        self._run("link", "set", self._cable, "down")

    def resume(self) -> None:
        """Lose no packets from now on."""
        self._run("link", "set", self._cable, "up")

    def inside(self, work: Callable[[], Result]) -> Result:
        """The result of ``work``, called in a thread whose sockets are in the namespace."""
        results: list[Result] = []
        errors: list[BaseException] = []

        def enter() -> None:
            try:
                with open(f"/run/netns/{self.name}") as namespace:
                    if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET):
                        raise OSError(ctypes.get_errno(), "setns")
                results.append(work())
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        if errors:
            raise errors[0]
        return results[0]

    def close(self) -> None:
        """Remove the network."""
        with suppress(OSError):
            self._run("netns", "del", self.name)
        with suppress(OSError):
            self._run("link", "del", self._cable)
        self._outside.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _run(self, *arguments: str) -> None:
        command = ["ip", *arguments]
        answer = self._outside.submit(subprocess.run, command, capture_output=True, text=True, check=False).result()
        if answer.returncode:
            raise OSError(f"ip {' '.join(arguments)}: {answer.stderr.strip()}")
