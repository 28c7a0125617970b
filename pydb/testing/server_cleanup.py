"""Clean up the servers of a test run: a directory and its owner's process id in, a deleted directory out.

This file is run as a program and imports no other module of pydb.  When the owner ends, or when the file ``end``
appears in the directory, it stops the processes in the directory's ``*.pid`` files, and deletes the directory.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

GRACE = 20.0
LOOK = 0.05
"""The interval between two checks of the owner, in seconds."""

_END = "end"

MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 2 * 1024**3
"""The space that must be free in that file system, in bytes."""


def memory_folder() -> Path | None:
    """A file system in memory, if there is one with enough space, because a new database has hundreds of files."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
        return MEMORY
    return None


def new_path() -> Path:
    """The path of a directory for servers, which does not exist yet."""
    return Path(memory_folder() or tempfile.gettempdir()) / f"pydb-servers-{secrets.token_hex(8)}"


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie, which has ended, does not run."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc/self").exists()


def recorded(directory: Path) -> list[int]:
    """The process ids in the directory's pid files."""
    return [int(text) for file in directory.glob("*.pid") if (text := file.read_text())]


def stop(pids: list[int]) -> None:
    """Ask the processes to end at once, and kill those that have not ended within GRACE seconds."""
    # On SIGQUIT, PostgreSQL frees its shared memory; on SIGKILL it does not.
    for sig in (signal.SIGQUIT, signal.SIGKILL):
        for pid in filter(alive, pids):
            os.kill(pid, sig)
        deadline = time.monotonic() + GRACE
        while any(map(alive, pids)) and time.monotonic() < deadline:
            time.sleep(0.01)


def end(directory: Path) -> None:
    """Stop the servers of a directory, and wait until it is deleted."""
    # The clean-up process may have deleted it already.
    with suppress(OSError):
        (directory / _END).touch()
    deadline = time.monotonic() + 3 * GRACE
    while directory.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def watch(directory: Path, owner: int) -> None:
    # Ctrl-C is sent to the whole foreground process group; this process must ignore it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while alive(owner) and not (directory / _END).exists():
        time.sleep(LOOK)
    # If the owner dies while it sets up a server, that server may still be recorded, or write files, a moment later.
    for _ in range(3):
        stop(recorded(directory))
        shutil.rmtree(directory, ignore_errors=True)
        if not directory.exists():
            return
        time.sleep(0.5)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), int(sys.argv[2]))
