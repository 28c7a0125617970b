"""PgBouncer in front of a PostgreSQL server: a server and a pool mode in, a running pooler out.

Two releases are tested, because those before 1.21 do not support prepared statements.  ``build/pgbouncer`` contains the
newer one, if ``tests/clusters/install.sh`` has found it in a newer release of Debian.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url

from tests.clusters.programs import Program
from tests.harness.servers import USER, ServerUnavailable, find_binary

NEWER = Path(__file__).parents[2] / "build" / "pgbouncer"
PREPARING = (1, 21)
"""The first release that knows of prepared statements."""


@cache
def commands() -> dict[str, list[str | Path]]:
    """The command lines of the installed releases: ``plain`` and ``preparing``."""
    found: dict[str, list[str | Path]] = {}
    for command in ([find_binary("pgbouncer", "/usr/sbin")], [NEWER / "run"]):
        if Path(command[0]).exists():
            words = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True).stdout
            release = re.search(r"(\d+)\.(\d+)", words)
            assert release is not None, words
            kind = "preparing" if tuple(map(int, release.groups())) >= PREPARING else "plain"
            found.setdefault(kind, list(command))
    return found


class Behind(Protocol):
    """The server behind a pooler: its port on 127.0.0.1, and the password of its user."""

    @property
    def port(self) -> int:
        """The port."""

    @property
    def password(self) -> str:
        """The password."""


class PgBouncer(Program):
    """A pooler of ``kind`` in the ``mode`` session or transaction, with few ``sessions`` on the server."""

    def __init__(
        self,
        directory: Path,
        server: Behind,
        mode: str = "transaction",
        kind: str | None = None,
        sessions: int = 3,
        **settings: object,
    ) -> None:
        super().__init__(directory, f"pgbouncer-{mode}")
        known = commands()
        if kind == "plain" and kind not in known:
            kind, settings = "preparing", {"max_prepared_statements": 0, **settings}
        if kind is not None and kind not in known:
            raise ServerUnavailable(f"no PgBouncer is installed that is {kind}: tests/clusters/install.sh gets it")
        self._command = known[kind] if kind else next(iter(known.values()))
        if self._command == [NEWER / "run"]:
            # The user that runs PgBouncer may have no access to this project's folder.
            copy = directory / "pgbouncer"
            if not copy.exists():
                shutil.copytree(NEWER, copy)
            self._command = [copy / "run"]
        (self.home / "users.txt").write_text(f'"{USER}" "{server.password}"\n')
        options = {
            "listen_addr": "127.0.0.1",
            "listen_port": self.port,
            "unix_socket_dir": "",
            "auth_type": "md5",
            "auth_file": self.home / "users.txt",
            "admin_users": USER,
            "pool_mode": mode,
            "default_pool_size": sessions,
            "max_client_conn": 500,
            "server_login_retry": 1,
            **settings,
        }
        lines = ["[databases]", f"* = host=127.0.0.1 port={server.port}", "[pgbouncer]"]
        lines += [f"{name} = {value}" for name, value in options.items()]
        (self.home / "pgbouncer.ini").write_text("\n".join([*lines, ""]))

    def command(self) -> list[str | Path]:
        return [*self._command, self.home / "pgbouncer.ini"]

    def url(self, url: str) -> str:
        """The same SQLAlchemy URL, through this pooler."""
        return make_url(url).set(host="127.0.0.1", port=self.port).render_as_string(hide_password=False)
