"""A TCP proxy between a client and a database server, which cuts or holds connections on demand.

In: the server's port.  Out: a port to connect to instead.  The proxy only uses the fact that the client sends the text
of a statement.  This is true for ``COMMIT`` in PostgreSQL's simple and extended query, and in MariaDB's COM_QUERY.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from sqlalchemy import make_url

CHUNK = 65536


def _whole_words(text: str) -> re.Pattern[bytes]:
    # READ COMMITTED is not a COMMIT.
    return re.compile(rb"(?<!\w)" + re.escape(text.encode()) + rb"(?!\w)", re.IGNORECASE)


class Hold:
    """A place where one connection is held; ``reached`` is set when it is there, until ``release``."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._released = threading.Event()

    def wait(self) -> None:
        """Hold the thread that forwards one direction of a connection."""
        self.reached.set()
        self._released.wait()

    def release(self) -> None:
        """Let the connection continue; for a client that is gone, the network seems to have been slow."""
        self._released.set()


@dataclass(frozen=True, slots=True)
class _Action:
    """The action on a connection that sends the text: cut or hold it, before the server gets the text or after."""

    text: re.Pattern[bytes]
    when: Literal["before", "after"]
    hold: Hold | None = None
    leaves_client: bool = False


class _Link:
    """A client's connection, and the connection to the server that belongs to it."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self.proxy = proxy
        self.client = client
        self.server = server
        self.answer_is_cut = False
        self.held_answer: Hold | None = None
        self.threads = [
            threading.Thread(target=self._pump, args=(self._upstream,), daemon=True),
            threading.Thread(target=self._pump, args=(self._downstream,), daemon=True),
        ]
        for thread in self.threads:
            thread.start()

    def cut(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close both ends, when nothing reads from them any more."""
        self.cut()
        for thread in self.threads:
            thread.join()
        self.client.close()
        self.server.close()

    def _pump(self, forward: Callable[[], bool]) -> None:
        with suppress(OSError):
            while forward():
                pass
        self.cut()

    def _upstream(self) -> bool:
        data = self.client.recv(CHUNK)
        self.proxy.flowing.wait()
        action = self.proxy.take_action(data)
        if action is not None and action.when == "before":
            if action.hold is None:
                return False
            if action.leaves_client:
                with suppress(OSError):
                    self.client.shutdown(socket.SHUT_RDWR)
            action.hold.wait()
        elif action is not None:
            self.answer_is_cut, self.held_answer = action.hold is None, action.hold
        self.server.sendall(data)
        return bool(data)

    def _downstream(self) -> bool:
        data = self.server.recv(CHUNK)
        self.proxy.flowing.wait()
        # The server has answered, so the statement has taken effect, but the client gets no answer.
        if self.answer_is_cut:
            return False
        if self.held_answer is not None:
            self.held_answer.wait()
            self.held_answer = None
        self.client.sendall(data)
        return bool(data)


class Proxy:
    """Forward loopback connections to the server's port until another action is set; close it, or use ``with``."""

    def __init__(self, server_port: int, host: str = "127.0.0.1") -> None:
        self.server_port = server_port
        self.host = host
        self.requests = 0
        """How often clients have sent something: a driver that waits for each answer sends one piece a round trip."""
        self.flowing = threading.Event()
        self.flowing.set()
        self._armed: _Action | None = None
        self._holds: list[Hold] = []
        self._lock = threading.Lock()
        self._links: list[_Link] = []
        self._listener = socket.create_server((host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def url(self, url: str) -> str:
        """The same SQLAlchemy URL, through this proxy."""
        return make_url(url).set(host=self.host, port=self.port).render_as_string(hide_password=False)

    def cut_before(self, text: str = "COMMIT") -> None:
        """Cut the connection that next sends the text, before the server gets the text; later connections pass."""
        self._armed = _Action(_whole_words(text), "before")

    def cut_after(self, text: str = "COMMIT") -> None:
        """Cut the connection that next sends the text, after the server has executed it, before its answer."""
        self._armed = _Action(_whole_words(text), "after")

    def hold_before(self, text: str = "COMMIT") -> Hold:
        """Hold the connection that next sends the text, before the server gets the text; all others pass."""
        return self._hold(text, "before")

    def hold_after(self, text: str = "COMMIT") -> Hold:
        """Hold the connection that next sends the text, after the server has executed it, before its answer."""
        return self._hold(text, "after")

    def leave(self, text: str = "COMMIT") -> Hold:
        """Cut only the client of the connection that next sends the text; the server gets the text at the release.

        Until then, the server has a session whose client is gone, and has not noticed it.
        """
        hold = Hold()
        self._holds.append(hold)
        self._armed = _Action(_whole_words(text), "before", hold, leaves_client=True)
        return hold

    def _hold(self, text: str, when: Literal["before", "after"]) -> Hold:
        hold = Hold()
        self._holds.append(hold)
        self._armed = _Action(_whole_words(text), when, hold)
        return hold

    @property
    def connections(self) -> int:
        """The number of connections so far."""
        return len(self._links)

    @property
    def armed(self) -> bool:
        """Whether a cut or a hold still waits for its text."""
        return self._armed is not None

    def cut(self) -> None:
        """Cut every connection now; new ones pass."""
        for link in list(self._links):
            link.cut()

    def stall(self) -> None:
        """Hold all data in both directions and keep the connections open, like a server that hangs."""
        self.flowing.clear()

    def resume(self) -> None:
        """Forward the data that was held."""
        self.flowing.set()

    def close(self) -> None:
        """Cut all connections and stop listening."""
        # Closing the socket alone would not end accept().
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        self.flowing.set()
        for hold in self._holds:
            hold.release()
        for link in self._links:
            link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def take_action(self, data: bytes) -> _Action | None:
        """The action for these bytes from a client; the first action that matches is removed from the proxy."""
        with self._lock:
            self.requests += bool(data)
            action = self._armed
            if action is None or not action.text.search(data):
                return None
            self._armed = None
            return action

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.server_port))
        except OSError:
            # The server is down, so the client's connection is closed, as without a proxy.
            client.close()
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._links.append(_Link(self, client, server))
