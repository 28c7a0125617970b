"""Servers end with their owner, however the owner ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pydb.testing import server_cleanup
from tests.harness.waiting import ALARM, wait_until

PROJECT = Path(__file__).parents[3]

# A run with a "server", which prints the directory and the process id, and waits.
OWNER = """
import subprocess, sys
from pydb.testing.server_registry import ServerRegistry
registry = ServerRegistry()
process = subprocess.Popen(["sleep", "300"], start_new_session=True)
(registry.path / "sleep.pid").write_text(str(process.pid))
print(registry.path, process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def default_signals() -> Iterator[None]:
    r"""Handle Ctrl-C and Ctrl-\, which a shell's background job and its children ignore."""
    before = [(sig, signal.getsignal(sig)) for sig in (signal.SIGINT, signal.SIGQUIT)]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    yield
    for sig, handler in before:
        signal.signal(sig, handler)


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_servers_end_with_their_owner(sig: signal.Signals) -> None:
    """However the owner ends, its servers end and their directory is deleted."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        path, pid = owner.stdout.readline().split()
        assert Path(path).is_dir()
        assert server_cleanup.alive(int(pid))
        owner.send_signal(sig)
        owner.wait(ALARM)
    wait_until(lambda: not Path(path).exists() and not server_cleanup.alive(int(pid)), "server and directory are gone")


def test_what_is_no_directory_has_ended(tmp_path: Path) -> None:
    """If no servers were started, ending them returns at once."""
    server_cleanup.end(tmp_path / "none")
    assert not server_cleanup.new_path().exists()
