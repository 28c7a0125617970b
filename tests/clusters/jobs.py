"""Threads that write while something happens to servers: databases in, the result of each call out.

Each job inserts a row, and adds one to a counter that the threads share.  So a job that was lost or done twice is found
in both.  Every second thread gives its jobs a key of ``run(once=…)``.
"""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, text
from sqlalchemy.util.concurrency import greenlet_spawn

import pydb
from pydb import errors
from tests.harness.awaited import AwaitedDatabase
from tests.harness.waiting import ALARM, wait_until

COUNTERS = 3


@dataclass
class Jobs:
    """Threads that do jobs in ``databases``, in turn, from the beginning of the ``with`` block to its end."""

    databases: Sequence[pydb.Database]
    awaited: Callable[[], AwaitedDatabase] | None = None
    """Makes a database for each thread, which uses it in an event loop of its own in the place of ``databases``."""
    threads: int = 4
    within: float = 60.0
    done: dict[str, str] = field(default_factory=dict)
    """What each job returned, by its name."""
    unknown: set[str] = field(default_factory=set)
    failed: list[BaseException] = field(default_factory=list)
    longest: float = 0.0
    """Seconds that the slowest job took."""

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._running: list[threading.Thread] = []

    def prepare(self) -> None:
        """Create the tables."""
        with self.databases[0].begin() as conn:
            conn.exec_driver_sql("CREATE TABLE done (job varchar(190) NOT NULL, result varchar(36) NOT NULL)")
            conn.exec_driver_sql("CREATE TABLE counters (id integer NOT NULL PRIMARY KEY, v integer NOT NULL)")
            conn.exec_driver_sql(self.databases[0].rules.once_table)
        with self.databases[0].begin() as conn:
            for number in range(COUNTERS):
                conn.exec_driver_sql(f"INSERT INTO counters (id, v) VALUES ({number}, 0)")

    def __enter__(self) -> Self:
        self._running = [threading.Thread(target=self._work, args=(number,)) for number in range(self.threads)]
        for thread in self._running:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._running:
            thread.join(ALARM * 2)

    def more(self, count: int = 20) -> None:
        """Wait until all threads together have done this many more jobs, or until one of them has failed."""
        wanted = len(self.done) + count
        wait_until(lambda: len(self.done) >= wanted or self.failed, "the threads go on with their jobs")

    def _work(self, thread: int) -> None:
        if self.awaited is None:
            self._do_jobs(thread, self.databases[thread % len(self.databases)])
        else:
            asyncio.run(greenlet_spawn(self._do_awaited_jobs, thread, self.awaited))

    def _do_awaited_jobs(self, thread: int, awaited: Callable[[], AwaitedDatabase]) -> None:
        with awaited() as database:
            self._do_jobs(thread, database)

    def _do_jobs(self, thread: int, database: pydb.Database | AwaitedDatabase) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            job = f"{thread}-{number}"
            once = job if thread % 2 else None
            begun = time.monotonic()
            try:
                self.done[job] = database.run(work_for(job, number % COUNTERS), within=self.within, once=once)
            except errors.CommitOutcomeUnknown:
                self.unknown.add(job)
            except BaseException as error:
                self.failed.append(error)
                return
            self.longest = max(self.longest, time.monotonic() - begun)

    def figures(self, database: pydb.Database) -> dict[str, Any]:
        """Compare the rows in the database with the jobs that were reported as done."""
        with database.read() as conn:
            found = conn.execute(text("SELECT job, result FROM done")).all()
            counted = int(conn.execute(text("SELECT sum(v) FROM counters")).scalar_one())
        rows = Counter(str(row.job) for row in found)
        return {
            "jobs": len(self.done) + len(self.unknown),
            "failed": len(self.failed),
            "unknown, without once=": sum(int(job.partition("-")[0]) % 2 == 0 for job in self.unknown),
            "unknown, with once=": sum(int(job.partition("-")[0]) % 2 for job in self.unknown),
            "lost": len(self.done.keys() - rows.keys()) + max(0, len(found) - counted),
            "doubled": sum(count > 1 for count in rows.values()) + max(0, counted - len(found)),
            "wrong result": sum(self.done.get(str(row.job), row.result) != row.result for row in found),
            "not said": len(rows.keys() - self.done.keys() - self.unknown),
        }


def work_for(job: str, counter: int) -> Callable[[Connection], str]:
    """The function that does one job and returns a value that no other attempt returns."""

    def work(conn: Connection) -> str:
        result = str(uuid.uuid4())
        conn.execute(text("INSERT INTO done (job, result) VALUES (:job, :result)"), {"job": job, "result": result})
        conn.execute(text("UPDATE counters SET v = v + 1 WHERE id = :id"), {"id": counter})
        return result

    return work


FAULTS = ("failed", "unknown, with once=", "lost", "doubled", "wrong result", "not said")


def faults(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures that must be 0 but are not."""
    return {name: figures[name] for name in FAULTS if figures[name]}
