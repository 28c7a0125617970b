"""A program that is interrupted at random moments: a URL, a number and a seed in, the losses as JSON out.

``python -m tests.harness.interrupt_program LIBRARY URL COUNT SEED`` writes rows with pydb or with plain SQLAlchemy, as
LIBRARY says.  It ends when COUNT transactions were interrupted by a signal whose handler raises an exception.  The
table ``marks`` (``id`` without a constraint) must exist.
"""

from __future__ import annotations

import gc
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, TextClause, create_engine, event, text

import pydb

POOL_SIZE = 4
EVERY = 20
"""After so many interrupts locks and slots are counted: before the pool is empty."""
LOCK = {
    "sqlite": "SELECT 1",  # begin() has taken the slot
    "postgresql": "LOCK TABLE marks IN ACCESS EXCLUSIVE MODE",
    "mysql": "SELECT count(*) FROM marks FOR UPDATE",
    "mariadb": "SELECT count(*) FROM marks FOR UPDATE",
}
LOCK_TIMEOUT = {"sqlite": 0.0, "postgresql": 5.0, "mysql": 5.0, "mariadb": 5.0}
"""Seconds: SQLite's locks are free at once; a server has to see first that a client has gone."""
STATEMENTS = """\
-- Marks: one row for each transaction.

-- name: add :exec
INSERT INTO marks (id) VALUES (:id);


-- name: latest :many scalar
SELECT id FROM marks ORDER BY id DESC LIMIT 5;


-- name: each :stream scalar
SELECT id FROM marks ORDER BY id DESC LIMIT 5;
"""
INSERT, LATEST = text("INSERT INTO marks (id) VALUES (:id)"), text("SELECT id FROM marks ORDER BY id DESC LIMIT 5")


class Stop(BaseException):
    """A foreign exception that ends the current work."""


class Plain:
    """The work of the program with only SQLAlchemy."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, pool_size=POOL_SIZE)

    def write(self, number: int) -> None:
        with self.engine.begin() as conn:
            conn.execute(INSERT, {"id": number})

    def read(self) -> None:
        with self.engine.connect() as conn:
            conn.execute(LATEST).all()

    stream = read


class Pydb:
    """The work of the program with pydb."""

    def __init__(self, url: str) -> None:
        self._database = pydb.Database(url, pool_size=POOL_SIZE, lock_timeout=5.0)
        self.engine: Engine = self._database.engine
        file = Path(tempfile.mkdtemp()) / "marks.sql"
        file.write_text(STATEMENTS, encoding="utf-8")
        self._marks: Any = pydb.load(file).marks

    def write(self, number: int) -> None:
        with self._database.begin() as conn:
            self._marks.add(conn, id=number)

    def read(self) -> None:
        with self._database.read() as conn:
            self._marks.latest(conn)

    def stream(self) -> None:
        with self._database.read() as conn:
            list(self._marks.each(conn))


LIBRARIES: dict[str, Callable[[str], Any]] = {"pydb": Pydb, "plain": Plain}


class Torment:
    """Send one signal at a time, whose handler raises an exception while it is ``armed``."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._armed = False
        self.sent = 0
        signal.signal(signal.SIGALRM, self._ring)

    def _ring(self, *_: object) -> None:
        if self._armed:
            self._armed = False
            self.sent += 1
            raise self._rng.choice((KeyboardInterrupt, Stop))

    def interrupt(self, work: Callable[[], object], within: float) -> bool | None:
        """Do the work and interrupt it after a random time; return whether it was done, None if it was interrupted."""
        try:
            self._armed = True
            signal.setitimer(signal.ITIMER_REAL, max(1e-6, self._rng.uniform(0, within)))
            work()
            self._armed = False
        except (KeyboardInterrupt, Stop):
            return None
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)
        return True


def _do_not_sync(driver: Any, _record: Any) -> None:
    driver.execute("PRAGMA synchronous = OFF")  # no test needs the data to survive a power failure


def main(library: str, url: str, count: int, seed: int) -> dict[str, Any]:
    """Run the program, and return what it found."""
    rng = random.Random(seed)
    torment = Torment(rng)
    made = LIBRARIES[library](url)
    if made.engine.dialect.name == "sqlite":
        event.listen(made.engine, "connect", _do_not_sync, insert=True)
    numbers = iter(range(seed * 1_000_000, (seed + 1) * 1_000_000))
    took = []
    for _ in range(20):
        started = time.perf_counter()
        made.write(next(numbers))
        took.append(time.perf_counter() - started)
    # New connections replace interrupted ones, so that a block takes longer than these timeouts.
    within = 5 * median(took)
    found = Found(
        made.engine,
        text(LOCK[made.engine.dialect.name]),
        pydb.Database(url, lock_timeout=LOCK_TIMEOUT[made.engine.dialect.name]),
    )
    while torment.sent < count:
        number = next(numbers)
        write = rng.random() < 0.7
        work = partial(made.write, number) if write else rng.choice((made.read, made.stream))
        before = torment.sent
        try:
            if torment.interrupt(work, within) and write:
                found.acknowledged.append(number)
        except Exception as error:
            kind = type(error).__name__
            found.errors[kind] = found.errors.get(kind, 0) + 1
        if torment.sent > before and torment.sent % EVERY == 0:
            found.look()
    found.look()
    return {
        "interrupts": torment.sent,
        "acknowledged": found.acknowledged,
        "slots_lost": found.slots,
        "locks_lost": found.locks,
        "errors": found.errors,
    }


class Found:
    """The losses so far."""

    def __init__(self, engine: Engine, lock: TextClause, other: pydb.Database) -> None:
        self._engine, self._lock, self._other = engine, lock, other
        self.acknowledged: list[int] = []
        self.errors: dict[str, int] = {}
        self.slots = self.locks = 0

    def look(self) -> None:
        """Count the slots and locks that no longer have an owner, and start with a new pool."""
        gc.collect()
        self.slots += self._engine.pool.checkedout()  # type: ignore[attr-defined]
        try:
            with self._other.begin() as conn:
                conn.execute(self._lock)
        except pydb.Busy:
            self.locks += 1
        self._engine.dispose()


if __name__ == "__main__":
    _, which, where, many, start = sys.argv
    print(json.dumps(main(which, where, int(many), int(start))))
