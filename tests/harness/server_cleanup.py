"""Stop the servers of a directory and delete it, when the process that owns them ends or dies.

In: a directory, as the only argument; its ``*.pid`` files each hold a process id.  It waits on standard input for
a byte, or for the end that comes when the owner dies, then stops those processes and deletes the directory.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

GRACE = 20.0


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


def main(directory: Path) -> None:
    # Ctrl-C reaches the whole foreground group; this process must outlive it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read(1)
    # A server that was being set up when its owner died may still be recorded, or write, a moment later.
    for _ in range(3):
        stop(recorded(directory))
        shutil.rmtree(directory, ignore_errors=True)
        if not directory.exists():
            return
        time.sleep(0.5)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
