"""Watch running statements: a connection and a time limit in; exceptions that were raised meanwhile, out.

Python runs a signal handler between two bytecodes of the main thread.  An exception that another thread sends is also
raised between two bytecodes.  While SQLite works, the only bytecodes are those of its progress handler
(https://sqlite.org/c3ref/progress_handler.html).  sqlite3 replaces an exception of the progress handler by the error
"interrupted", so the original exception would be lost.  Therefore the progress handler is a generator: a generator can
itself catch whatever is raised in it, from its first bytecode on.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator
from typing import Any

__all__ = ["OPERATIONS", "StatementWatch"]

OPERATIONS = 10_000
"""The number of operations of SQLite between two calls of the progress handler.

For most statements that is a millisecond or less, so a call costs hardly any time.  But if other threads run Python
code, each call waits for them: a statement took 3 times as long with 1,000 operations, and 1.3 times as long with
10,000.
"""


class StatementWatch:
    """Watches the statements of one connection, and stops those that take longer than ``limit`` seconds."""

    __slots__ = ("_deadline", "_limit", "_looks", "_raised")

    def __init__(self, limit: float | None) -> None:
        self._limit = limit
        self._deadline: float | None = None
        self._raised: BaseException | None = None
        self._looks: Any = None

    def install(self, driver: sqlite3.Connection) -> None:
        """Install the progress handler."""
        self._looks = self._look()
        next(self._looks)
        driver.set_progress_handler(self._looks.__next__, OPERATIONS)
        if self._limit is not None:
            driver.set_trace_callback(self._looks.send)

    def take(self, driver: sqlite3.Connection) -> BaseException | None:
        """The exception that was raised while SQLite worked; None if there was none.  A second call returns None."""
        raised, self._raised = self._raised, None
        if raised is not None and self._looks.gi_frame is None:
            self.install(driver)  # a second exception came while the first was being caught, and ended the generator
        return raised

    def _look(self) -> Generator[bool, str | None, None]:
        """The progress handler: each ``next`` returns whether SQLite must stop.

        When a statement begins, its text is sent to the generator.
        """
        stop = False
        while True:
            try:
                while True:
                    sql = yield stop
                    if sql is not None:
                        self._begin(sql)
                    stop = self._raised is not None or (
                        self._deadline is not None and time.monotonic() > self._deadline
                    )
            except GeneratorExit:
                return
            except BaseException as error:
                self._raised = error
                stop = True

    def _begin(self, sql: str) -> None:
        if self._limit is not None and not sql.startswith("--"):  # "--" marks a statement of a trigger, which is part
            # of the statement that fired it
            self._deadline = time.monotonic() + self._limit
