"""Commit a transaction once for each key: a key in, the result of the one transaction that committed out.

The same transaction writes the key as a row of the table ``pydb_once``.  If the answer to a COMMIT was lost, the key
shows whether the transaction has committed: pydb inserts the key again, which waits for the old transaction.  If that
was rolled back, the insert succeeds; else it finds the old row.  A SELECT is not enough: it could run before the server
has executed the COMMIT.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, exc, text

from pydb.database.error_translation import translate
from pydb.database.retry import Tries, repeats
from pydb.engines.base import NO_TABLE, Rules
from pydb.engines.patience import wait_until
from pydb.errors import (
    AlreadyDone,
    Busy,
    CommitOutcomeUnknown,
    Disconnected,
    ParameterError,
    PoolTimeout,
    PydbError,
    StatementTimeout,
    UniqueViolation,
)
from pydb.support.escapes import Lines

__all__ = ["ONCE_INSERT", "ONCE_SELECT", "Once", "check_key"]

Result = TypeVar("Result")

LONGEST_KEY = 190
"""The maximum number of characters of a key that fits into an index of MariaDB."""

PATIENCE = 1.0
"""Seconds that the key may wait for the old transaction before its session is ended."""

ONCE_INSERT = text(
    '/* pydb_once */ INSERT INTO pydb_once ("key", attempt, done_at) VALUES (:key, :attempt, CURRENT_TIMESTAMP)'
)
ONCE_SELECT = text('/* pydb_once */ SELECT attempt, done_at FROM pydb_once WHERE "key" = :key')


def check_key(key: str) -> None:
    """Raise ParameterError for a key that some engine cannot store."""
    if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY:
        raise ParameterError(f"the key of once= must be a text of 1 to {LONGEST_KEY} characters")
    if "\0" in key or any("\ud800" <= character <= "\udfff" for character in key):
        raise ParameterError("the key of once= contains NUL or half of a surrogate pair, which the engines refuse")


class _Taken(Exception):
    """The key exists already."""


@dataclass(slots=True)
class Once(Generic[Result]):
    """One call of ``Database.run(work, once=key)``.

    ``begin`` opens a transaction on the primary; ``was_connected`` returns whether the server was ever reached.
    """

    key: str
    work: Callable[[Connection], Result]
    begin: Callable[[], AbstractContextManager[Connection]]
    rules: Rules
    was_connected: Callable[[], bool]
    tries: Tries
    results: dict[str, Result] = field(default_factory=dict)
    """The results of ``work`` in the tries whose COMMIT was not answered, by attempt."""
    sessions: list[Any] = field(default_factory=list)
    """The sessions of those tries."""
    unknown: CommitOutcomeUnknown | None = None
    """The error of the last try whose COMMIT was not answered, until its outcome is known."""

    def run(self) -> Result:
        """The result of the try that has committed.  Raises AlreadyDone, CommitOutcomeUnknown."""
        while True:
            try:
                with wait_until(self.tries.end, PATIENCE if self.unknown is not None else float("inf")):
                    return self._try()
            except PydbError as error:
                failure = error
            if not self._goes_on(failure) or not self.tries.pause():
                raise self.unknown or failure

    def _goes_on(self, failure: PydbError) -> bool:
        """Whether there is another try after this failure."""
        if isinstance(failure, CommitOutcomeUnknown):
            return failure is self.unknown
        if self.unknown is None:
            return repeats(failure, self.rules, was_connected=self.was_connected()) and not self.tries.used_up
        if isinstance(failure, (Busy, StatementTimeout)):
            self._end_old_sessions()
            return True
        return isinstance(failure, (PoolTimeout, Disconnected)) or repeats(failure, self.rules, was_connected=True)

    def _try(self) -> Result:
        attempt = str(uuid.uuid4())
        result: Any = None
        session: Any = None
        worked = False
        try:
            with self.begin() as conn:
                session = self.rules.session_of(conn)
                self._insert(conn, attempt)
                if self.unknown is not None and self.tries.used_up:
                    raise self._rolled_back()
                self.unknown = None  # the key was free: the transaction with the unknown outcome was rolled back
                self.tries.count += 1
                result = self.work(conn)
                worked = True
        except _Taken:
            return self._result_of_old()
        except CommitOutcomeUnknown as error:
            if worked:  # if not, the row is from another database
                self.unknown = error
                self.results[attempt] = result
                self.sessions.append((session, time.monotonic()))
            raise
        return result  # type: ignore[no-any-return]

    def _rolled_back(self) -> PydbError:
        self.unknown = None
        return Disconnected("the connection was lost during COMMIT, and the transaction was rolled back")

    def _insert(self, conn: Connection, attempt: str) -> None:
        try:
            conn.execute(ONCE_INSERT, {"key": self.key, "attempt": attempt})
            return
        except exc.DBAPIError as error:
            failure = translate(error, self.rules)
        if isinstance(failure, UniqueViolation):
            raise _Taken
        if failure.hint == NO_TABLE:
            failure.hint = Lines(
                f"create the table of run(once=…), in schema.sql and a migration:\n{self.rules.once_table}"
            )
        raise failure

    def _result_of_old(self) -> Result:
        # This transaction only reads, so the outcome of its COMMIT does not matter.
        row = None
        with suppress(CommitOutcomeUnknown), self.begin() as conn:
            row = conn.execute(ONCE_SELECT, {"key": self.key}).one_or_none()
        if row is None:
            # Another session has deleted the row meanwhile.
            raise Busy("the key of once= was deleted by another session", hint="Database.run() repeats the transaction")
        if str(row.attempt) in self.results:
            return self.results[str(row.attempt)]
        self.unknown = None
        done_at = _instant(row.done_at)
        message = f"the key of once= was used already, by a transaction of {done_at:%Y-%m-%d %H:%M:%S} UTC"
        raise AlreadyDone(message, key=self.key, done_at=done_at)

    def _end_old_sessions(self) -> None:
        """End the sessions whose COMMIT was not answered, if they still exist and block the key."""
        for session, noted in self.sessions:
            # The session may have ended, or the server may be lost again: the next try finds out.
            with suppress(PydbError, exc.DBAPIError), wait_until(self.tries.end, PATIENCE), self.begin() as conn:
                self.rules.end_session(conn, session, time.monotonic() - noted)


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
