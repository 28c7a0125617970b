"""The directory of a run's servers: where it is, and its end, when the process that owns it says so, ends or dies.

As a program, in: a directory and the owner's process id, as arguments; the directory's ``*.pid`` files each hold a
process id.  It looks for the file ``end`` in it, then stops those processes and deletes the directory.  It imports
nothing of pydb's.
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
"""Seconds between two looks at the owner."""

_END = "end"

MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 2 * 1024**3
"""Bytes that are free there at least."""


def memory_folder() -> Path | None:
    """A file system in memory, if there is one with space: creating a database creates hundreds of files."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
        return MEMORY
    return None


def new_path() -> Path:
    """The path of a directory for servers, which is not made."""
    return Path(memory_folder() or tempfile.gettempdir()) / f"pydb-servers-{secrets.token_hex(8)}"


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended but was not yet waited for does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc/self").exists()


def recorded(directory: Path) -> list[int]:
    """The process ids that the directory's pid files hold."""
    return [int(text) for file in directory.glob("*.pid") if (text := file.read_text())]


def stop(pids: list[int]) -> None:
    """Ask the processes to end at once, and kill those that have not within GRACE seconds."""
    # PostgreSQL frees its shared memory on SIGQUIT; on SIGKILL it would stay behind.
    for sig in (signal.SIGQUIT, signal.SIGKILL):
        for pid in filter(alive, pids):
            os.kill(pid, sig)
        deadline = time.monotonic() + GRACE
        while any(map(alive, pids)) and time.monotonic() < deadline:
            time.sleep(0.01)


def end(directory: Path) -> None:
    """Let the servers of a directory be stopped, and wait until it is deleted."""
    # What stops them may have done so already.
    with suppress(OSError):
        (directory / _END).touch()
    deadline = time.monotonic() + 3 * GRACE
    while directory.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def watch(directory: Path, owner: int) -> None:
    # Ctrl-C reaches the whole foreground group; this process must outlive it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while alive(owner) and not (directory / _END).exists():
        time.sleep(LOOK)
    # A server that was being set up when its owner died may still be recorded, or write, a moment later.
    for _ in range(3):
        stop(recorded(directory))
        shutil.rmtree(directory, ignore_errors=True)
        if not directory.exists():
            return
        time.sleep(0.5)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), int(sys.argv[2]))
