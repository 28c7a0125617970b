"""Control Chromium without a window over pipes: pages and keys in; contents, errors and pictures of pages out.

The protocol is https://chromedevtools.github.io/devtools-protocol/; over pipes a message ends with a NUL.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 60.0
"""Seconds that an answer of the browser may take."""

_KEYS = {"ArrowDown": 40, "ArrowUp": 38, "Enter": 13, "Escape": 27, "Tab": 9, "/": 191}


def _high(descriptor: int) -> int:
    """Duplicate a file descriptor to a number that the browser does not use."""
    copy = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return copy


class Browser:
    """One tab of a new browser."""

    def __init__(self, profile: Path) -> None:
        assert PROGRAM is not None
        to_read, self._write = map(_high, os.pipe())
        self._read, to_write = map(_high, os.pipe())
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe")
        # The browser reads commands from descriptor 3, and answers on descriptor 4.
        self._process = os.posix_spawn(
            PROGRAM,
            [PROGRAM, *options, f"--user-data-dir={profile}", "about:blank"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, to_read, 3),
                (os.POSIX_SPAWN_DUP2, to_write, 4),
            ],
            setpgroup=0,
        )
        os.close(to_read)
        os.close(to_write)
        self._number, self._buffer = 0, b""
        self._events: list[dict[str, Any]] = []
        self._session: str | None = None
        targets = self.send("Target.getTargets")["targetInfos"]
        page = next(item["targetId"] for item in targets if item["type"] == "page")
        self._session = self.send("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        # Without a window, nothing else gives the focus to the page.
        self.send("Emulation.setFocusEmulationEnabled", enabled=True)

    def close(self) -> None:
        """End the browser, which ends by itself when its pipes are closed."""
        os.close(self._write)
        ended = os.pidfd_open(self._process)
        if not select.select([ended], [], [], PATIENCE)[0]:
            os.killpg(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(ended)
        os.close(self._read)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result
            self._events.append(answer)

    def _receive(self) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(end - time.monotonic(), 0))
            assert ready, "the browser does not answer"
            part = os.read(self._read, 1 << 20)
            assert part, "the browser has ended"
            self._buffer += part
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    def _wait(self, method: str) -> None:
        while not any(event.get("method") == method for event in self._events):
            self._events.append(self._receive())

    # The actions of tests.

    def open(self, file: Path, anchor: str = "") -> None:
        """Open a file and wait until it is loaded."""
        self._events = [event for event in self._events if event.get("method") != "Page.loadEventFired"]
        self.send("Page.navigate", url=f"{file.absolute().as_uri()}{anchor}")
        self._wait("Page.loadEventFired")

    def follow(self, key: str) -> None:
        """Press a key that leads to another page, and wait until that page is loaded."""
        self._events = [event for event in self._events if event.get("method") != "Page.loadEventFired"]
        self.press(key)
        self._wait("Page.loadEventFired")

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page."""
        found = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key and release it."""
        code = {"windowsVirtualKeyCode": _KEYS[key], "key": key}
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", **code, **text)
        self.send("Input.dispatchKeyEvent", type="keyUp", **code)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.send("Input.insertText", text=text)

    def prefer(self, scheme: str, medium: str = "screen") -> None:
        """Set the preference to ``light`` or ``dark``, on a ``screen`` or in ``print``."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", media=medium, features=features)

    def resize(self, width: int, height: int) -> None:
        """Set the size of the page, in pixels."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def picture(self, file: Path, *, whole: bool = False) -> None:
        """Write a PNG of the visible part, or of the whole page."""
        found = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(found["data"]))

    def pdf(self) -> bytes:
        """The page as a PDF, as it is printed."""
        return base64.b64decode(self.send("Page.printToPDF", printBackground=True)["data"])

    def complaints(self) -> list[str]:
        """The errors since the browser began: errors and warnings of the console, exceptions, failed requests."""
        self.ask("1")
        found = []
        for event in self._events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                found.append(parameters["entry"]["text"])
            elif method == "Runtime.exceptionThrown":
                found.append(str(parameters["exceptionDetails"]))
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
                found.append(str(parameters["args"]))
            elif method == "Network.loadingFailed":
                found.append(parameters["errorText"])
        return found

    def requests(self) -> list[str]:
        """The addresses that pages have requested."""
        return [
            event["params"]["request"]["url"]
            for event in self._events
            if event.get("method") == "Network.requestWillBeSent"
        ]


@contextmanager
def opened_browser(profile: Path) -> Iterator[Browser]:
    """A browser for the duration of the block; ``profile`` is an empty folder for its files."""
    browser = Browser(profile)
    try:
        yield browser
    finally:
        browser.close()
