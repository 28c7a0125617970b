"""The servers of a run: only servers that were started here are used, and none is left."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from pydb.testing.server_registry import ServerRegistry
from pydb.testing.servers import ServerUnavailable
from tests.harness.waiting import ALARM


def test_a_closed_registry_is_gone() -> None:
    """After close(), the directory of a registry is deleted."""
    registry = ServerRegistry()
    process = subprocess.Popen(["sleep", "300"])
    (registry.path / "sleep.pid").write_text(str(process.pid))
    registry.close()
    assert not registry.path.exists()
    assert process.wait(ALARM) == -signal.SIGQUIT


def test_leaving_another_s_registry_leaves_it_alone() -> None:
    """A worker that leaves the run stops no servers."""
    registry = ServerRegistry()
    ServerRegistry(registry.path).close()
    assert registry.path.is_dir()
    registry.close()


def test_a_server_that_did_not_start_is_not_tried_again(tmp_path: Path) -> None:
    """The second worker that requests a server that did not start gets the reason of the first."""
    (tmp_path / "mariadb.json").write_text('{"error": "mariadb did not start: the disk is full"}')
    with pytest.raises(ServerUnavailable, match="the disk is full"):
        ServerRegistry(tmp_path).shared("mariadb")
