"""run(work, once=key) while COMMITs are cut in every way: nothing is doubled or lost, and the result is correct."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, exc, make_url, text

import pydb
from pydb import errors
from tests.harness.figures import write_figures
from tests.harness.proxy import Proxy
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.deep, pytest.mark.engines("postgresql", "mariadb")]

CUTS = 150


def late(proxy: Proxy) -> None:
    """The server gets the COMMIT after the client has begun to ask for its outcome."""
    timer = threading.Timer(0.15, proxy.leave().release)
    timer.daemon = True
    timer.start()


WAYS: dict[str, Callable[[Proxy], object]] = {
    "before": Proxy.cut_before,
    "after": Proxy.cut_after,
    "early": lambda proxy: proxy.cut_after("INSERT INTO done"),
    "late": late,
    "black hole": Proxy.leave,
}


# A connection without answers takes the second that the old session is given.
IN_TURN = [*("before", "after", "early", "late", "after"), *("before", "late", "after", "early", "black hole")]


@dataclass
class Jobs:
    """Two databases, one of them through a proxy, with a table of the jobs that were done."""

    far: pydb.Database
    near: pydb.Database
    proxy: Proxy
    counts: Counter[str] = field(default_factory=Counter)

    def rows(self, key: str) -> list[str]:
        """The results of the transactions with this key that have committed."""
        query = text("SELECT result FROM done WHERE job = :job")
        with self.near.read() as conn:
            return list(conn.execute(query, {"job": key}).scalars())


def work_for(key: str) -> Callable[[Connection], str]:
    def work(conn: Connection) -> str:
        result = str(uuid.uuid4())
        conn.execute(text("INSERT INTO done (job, result) VALUES (:job, :result)"), {"job": key, "result": result})
        return result

    return work


@pytest.fixture
def jobs(empty_url: str, proxy: Proxy) -> Iterator[Jobs]:
    with pydb.Database(empty_url) as near, pydb.Database(proxy.url(empty_url)) as far:
        with near.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE done (job varchar(190) NOT NULL, result varchar(36) NOT NULL)")
            conn.exec_driver_sql(near.rules.once_table)
        yield Jobs(far, near, proxy)


@pytest.mark.parametrize("way", WAYS)
def test_each_way(jobs: Jobs, way: str) -> None:
    """In whatever way a COMMIT is cut, the work is done once, and its result is returned."""
    jobs.far.run(lambda conn: None)
    WAYS[way](jobs.proxy)
    result = jobs.far.run(work_for("a"), once="a")
    assert not jobs.proxy.armed
    assert jobs.rows("a") == [result]
    with pytest.raises(errors.AlreadyDone):
        jobs.far.run(work_for("a"), once="a")


def test_out_of_time(jobs: Jobs) -> None:
    """If the server cannot be reached in time, the outcome is reported as unknown; it is found later."""

    def work(conn: Connection) -> str:
        jobs.proxy.cut_after()
        jobs.far.engine.pool.dispose()
        result = work_for("a")(conn)
        port.append(jobs.proxy.server_port)
        jobs.proxy.server_port = 1  # nothing listens on this port
        return result

    port: list[int] = []
    with pytest.raises(errors.CommitOutcomeUnknown):
        jobs.far.run(work, once="a", within=0.3)
    jobs.proxy.server_port = port[0]
    with pytest.raises(errors.AlreadyDone):
        jobs.far.run(work_for("a"), once="a")
    assert len(jobs.rows("a")) == 1


@pytest.mark.deep
def test_cut_commits(jobs: Jobs, engine_name: str) -> None:
    """150 COMMITs are cut, with rivals: none is doubled, lost or unknown, and each result is correct."""
    for number in range(CUTS):
        once(jobs, number)
    plain(jobs)
    names = ("cut", "with_a_rival", "done", "done_by_the_rival", "doubled", "lost", "unknown", "wrong_result")
    figures = {name: jobs.counts[name] for name in names}
    figures |= {f"plain_sqlalchemy_{name}": jobs.counts[f"plain {name}"] for name in ("cut", "doubled", "lost")}
    write_figures("once", engine_name, figures)
    assert [figures[name] for name in ("doubled", "lost", "unknown", "wrong_result")] == [0, 0, 0, 0], figures
    assert figures["cut"] == CUTS


def once(jobs: Jobs, number: int) -> None:
    """Cut one COMMIT, and count the outcomes."""
    key, way = f"job {number}", IN_TURN[number % len(IN_TURN)]
    has_rival = number % 3 == 0
    jobs.far.run(lambda conn: None)
    WAYS[way](jobs.proxy)
    with ThreadPoolExecutor(1) as pool:
        rival = pool.submit(rival_call, jobs, key) if has_rival else None
        mine = call(jobs.far, key)
        results = [mine] + ([rival.result()] if rival is not None else [])
    assert not jobs.proxy.armed
    rows = jobs.rows(key)
    done = [result for result in results if isinstance(result, str)]
    counts = jobs.counts
    counts["cut"] += 1
    counts["with_a_rival"] += has_rival
    counts["done"] += 1
    counts["done_by_the_rival"] += not isinstance(mine, str)
    counts["doubled"] += len(rows) > 1
    counts["lost"] += not rows
    counts["unknown"] += sum(isinstance(result, errors.CommitOutcomeUnknown) for result in results)
    counts["wrong_result"] += done != rows


def rival_call(jobs: Jobs, key: str) -> Any:
    """The result of the rival, which begins when the connection is cut."""
    wait_until(lambda: not jobs.proxy.armed, "the connection is cut")
    return call(jobs.near, key)


def call(database: pydb.Database, key: str) -> Any:
    """The result of run(), or its error that the work was already done or that the outcome is unknown."""
    try:
        return database.run(work_for(key), once=key)
    except (errors.AlreadyDone, errors.CommitOutcomeUnknown) as error:
        return error


def plain(jobs: Jobs) -> None:
    """The same cuts for a program that repeats its transaction after an error."""
    url = make_url(jobs.far.engine.url).set(port=jobs.proxy.port)
    engine = create_engine(url, pool_pre_ping=True)
    for number in range(CUTS):
        key, way = f"plain {number}", IN_TURN[number % len(IN_TURN)]
        WAYS[way](jobs.proxy)
        for _ in range(5):
            with suppress(exc.DBAPIError):
                with engine.begin() as conn:
                    work_for(key)(conn)
                break
        jobs.counts["plain cut"] += 1
        jobs.counts[f"plain {way}"] += 1
    engine.dispose()
    with jobs.near.read() as conn:
        found = Counter(conn.execute(text("SELECT job FROM done WHERE job LIKE 'plain %'")).scalars())
    jobs.counts["plain doubled"] = sum(number > 1 for number in found.values())
    jobs.counts["plain lost"] = CUTS - len(found)
