"""A shell in a terminal: keys in, the shell's command line out."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.harness.waiting import ALARM

_START, _END = "\x01", "\x05"


class ShellTerminal:
    """An interactive shell in ``folder``, which ends with the ``with`` block."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._terminal, theirs = pty.openpty()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "200", **environment},
            preexec_fn=partial(os.login_tty, theirs),  # an interactive shell needs its own terminal
        )
        os.close(theirs)
        self._seen = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)

    def run(self, line: str) -> None:
        """Run a line, and wait until it has ended."""
        self._type(f"{line}\n")
        # The terminal's echo is not output of the shell.
        self._type("printf '<%s>' do ne\n")
        self._wait_for("<do><ne>")

    def words(self, keys: str) -> list[str]:
        """The words of the command line after these keys, which may contain tabs; the shell prints them instead."""
        self._type(f"{keys}{_START}printf '<%s>' {_END} end\n")
        return re.findall(r"<([^<>%]*)>", self._wait_for("<end>"))[:-1]

    def _type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def _wait_for(self, text: str) -> str:
        """The output up to and including the text."""
        deadline = time.monotonic() + ALARM
        while text not in self._seen:
            ready, _, _ = select.select([self._terminal], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{text} is not printed: {self._seen}"
            self._seen += os.read(self._terminal, 65536).decode(errors="replace")
        before, _, self._seen = self._seen.partition(text)
        return before + text
