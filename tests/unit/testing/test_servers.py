"""Servers that are started for tests."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from pydb.testing import servers
from pydb.testing.servers import ServerUnavailable, find_binary, free_port, kinds_of, server_engines


def test_a_binary_in_the_named_folder_is_preferred_to_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest installed version is first, then that of PATH; otherwise the error has the name."""
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


def test_the_engines_that_have_servers() -> None:
    """Each engine has a class of servers that are started, and one of servers that already run."""
    assert server_engines() == ("postgresql", "mariadb")
    for engine in server_engines():
        assert kinds_of(engine).started.engine == kinds_of(engine).running.engine == engine


def test_without_its_driver_the_hint_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing driver is an error with a hint, without a traceback."""

    def part(_engine: str, _kind: str) -> None:
        raise ModuleNotFoundError("No module named 'pymysql'", name="pymysql")

    monkeypatch.setattr(servers, "part", part)
    with pytest.raises(
        ServerUnavailable, match=r"module pymysql is not installed    hint: pip install 'pydb\[mariadb\]'"
    ):
        kinds_of("mariadb")
