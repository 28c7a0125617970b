"""HAProxy in front of several database servers: the servers and their health in, one port out.

HAProxy requests the health of each server at an HTTP address, which Patroni and clustercheck provide.  Here threads of
the tests answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from sqlalchemy import make_url

from tests.clusters.conftest import started
from tests.clusters.programs import Program
from tests.harness.servers import find_binary

CONFIGURATION = """\
global
    maxconn 500
defaults
    mode tcp
    timeout connect 2s
    timeout client 120s
    timeout server 120s
    timeout check 5s
    retries 2
    option redispatch
listen database
    bind 127.0.0.1:{port}
    balance {balance}
    option httpchk GET /
    default-server inter 200ms fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""


class Health:
    """An HTTP server that answers 200 while ``is_well`` is true, and 503 if it is false or raises an exception."""

    def __init__(self, is_well: Callable[[], bool]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                try:
                    well = is_well()
                except Exception:
                    well = False
                self.send_response(200 if well else 503)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Write no log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_of: None  # type: ignore[method-assign]  # HAProxy has gone meanwhile
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


class HaProxy(Program):
    """HAProxy in front of the healthy servers at these ports; ``balance`` is its method of choosing one of them."""

    def __init__(self, directory: Path, servers: Mapping[int, Callable[[], bool]], balance: str = "first") -> None:
        super().__init__(directory, "haproxy")
        self._health = {port: Health(is_well) for port, is_well in servers.items()}
        lines = (
            f"    server s{port} 127.0.0.1:{port} check port {health.port}" for port, health in self._health.items()
        )
        text = CONFIGURATION.format(port=self.port, balance=balance, servers="\n".join(lines))
        (self.home / "haproxy.cfg").write_text(text)

    def command(self) -> list[str | Path]:
        return [find_binary("haproxy", "/usr/sbin"), "-db", "-f", self.home / "haproxy.cfg"]

    def url(self, url: str) -> str:
        """The same SQLAlchemy URL, through this proxy."""
        return make_url(url).set(host="127.0.0.1", port=self.port).render_as_string(hide_password=False)

    def __enter__(self) -> Self:
        return started(self.start)  # type: ignore[no-any-return]

    def __exit__(self, *_error: object) -> None:
        self.stop()
        for health in self._health.values():
            health.close()
