"""Starting and ending the tests' own servers: nothing is used that was not started here, nothing stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import server_cleanup
from tests.harness.server_registry import ServerRegistry
from tests.harness.servers import ServerUnavailable, find_binary, free_port
from tests.harness.waiting import ALARM, wait_until

PROJECT = Path(__file__).parent.parent.parent

# A run with a "server"; it prints the directory and the process id, and waits.
OWNER = """
import subprocess, sys
from tests.harness.server_registry import ServerRegistry
registry = ServerRegistry()
process = subprocess.Popen(["sleep", "300"], start_new_session=True)
(registry.path / "sleep.pid").write_text(str(process.pid))
print(registry.path, process.pid, flush=True)
sys.stdin.read()
"""

NESTED_CONFTEST = """\
from tests.conftest import *
from tests.conftest import _mariadb_statements, _postgresql_template, _sqlite_template
"""


@pytest.fixture(autouse=True)
def default_signals() -> Iterator[None]:
    """A shell's background job ignores Ctrl-C and Ctrl-\\, and so would what it starts."""
    before = [(sig, signal.getsignal(sig)) for sig in (signal.SIGINT, signal.SIGQUIT)]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    yield
    for sig, handler in before:
        signal.signal(sig, handler)


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_servers_end_with_their_owner(sig: signal.Signals) -> None:
    """However the owner is ended, its servers end and their directory is deleted."""
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


def test_a_closed_registry_is_gone() -> None:
    """The directory of a registry that is closed in order has been deleted when close() returns."""
    registry = ServerRegistry()
    process = subprocess.Popen(["sleep", "300"])
    (registry.path / "sleep.pid").write_text(str(process.pid))
    registry.close()
    assert not registry.path.exists()
    assert process.wait(ALARM) == -signal.SIGQUIT


def test_leaving_another_s_registry_leaves_it_alone() -> None:
    """A worker that leaves stops nothing."""
    registry = ServerRegistry()
    ServerRegistry(registry.path).close()
    assert registry.path.is_dir()
    registry.close()


def test_a_server_that_did_not_start_is_not_tried_again(tmp_path: Path) -> None:
    """The second worker that asks for a server that did not start gets the first one's reason."""
    (tmp_path / "mariadb.json").write_text('{"error": "mariadb did not start: the disk is full"}')
    with pytest.raises(ServerUnavailable, match="the disk is full"):
        ServerRegistry(tmp_path).shared("mariadb")


def test_a_binary_in_the_named_folder_is_preferred_to_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest installed version comes first, then what PATH finds, else the name is reported."""
    for folder in ("versions/9/bin", "versions/15/bin", "path"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "somedb").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    assert find_binary("somedb", f"{tmp_path}/versions/*/bin") == tmp_path / "versions/15/bin/somedb"
    assert find_binary("somedb", f"{tmp_path}/elsewhere") == tmp_path / "path/somedb"
    with pytest.raises(ServerUnavailable, match="otherdb is not installed"):
        find_binary("otherdb")


def test_a_free_port_can_be_listened_on() -> None:
    """A server can listen on the port at once."""
    socket.create_server(("127.0.0.1", free_port())).close()


@pytest.mark.deep
@pytest.mark.parametrize(("required", "outcome"), [("0", "1 skipped"), ("1", "1 error")])
def test_a_missing_binary_skips_or_fails(tmp_path: Path, required: str, outcome: str) -> None:
    """Without a server's binaries its tests skip with the reason; where servers are required they fail with it."""
    (tmp_path / "conftest.py").write_text(
        "import tests.harness.server_engines as engines\n"
        "engines.PostgresqlServer._binary = staticmethod(lambda name: engines.find_binary('no-such-binary'))\n"
        + NESTED_CONFTEST
    )
    (tmp_path / "test_it.py").write_text(
        "import pytest\n@pytest.mark.engines('postgresql')\ndef test_it(empty_url):\n    pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path)],
        cwd=PROJECT,
        env={**os.environ, "PYDB_REQUIRE_SERVERS": required, "PYTEST_ADDOPTS": "", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=ALARM,
    )
    assert outcome in done.stdout
    assert "no-such-binary is not installed" in done.stdout
