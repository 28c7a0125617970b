"""Many simultaneous transactions read a value and write a value computed from it: no write is lost."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

import pydb
from pydb.errors import SerializationFailure

THREADS = 6
TIMES = 50


@pytest.fixture
def counters(empty_db: pydb.Database) -> pydb.Database:
    """A database with one counter, at zero."""
    with empty_db.begin() as conn:
        conn.execute(text("CREATE TABLE counters (id integer NOT NULL PRIMARY KEY, v integer NOT NULL)"))
        conn.execute(text("INSERT INTO counters (id, v) VALUES (1, 0)"))
    return empty_db


def value(conn: Connection) -> int:
    """The counter."""
    return int(conn.execute(text("SELECT v FROM counters WHERE id = 1")).scalar_one())


def count(conn: Connection) -> None:
    """Read the counter, and write the value plus one."""
    conn.execute(text("UPDATE counters SET v = :v WHERE id = 1"), {"v": value(conn) + 1})


def count_plainly(engine: Engine) -> None:
    """Do the same in plain SQLAlchemy."""
    with engine.begin() as conn:
        count(conn)


def note_figures(name: str, figures: dict[str, object]) -> None:
    """Write the figures if a report is made from them."""
    if folder := os.environ.get("PYDB_RELIABILITY_FIGURES"):
        (Path(folder) / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


@pytest.mark.deep
@pytest.mark.engines("sqlite", "mariadb")
def test_read_and_write_in_run(counters: pydb.Database, empty_url: str, engine_name: str) -> None:
    """Threads that read v and write v + 1 in run() lose no update, at the engine's own isolation level."""
    with ThreadPoolExecutor(THREADS) as threads:
        for done in [threads.submit(counters.run, count, attempts=1000) for _ in range(THREADS * TIMES)]:
            done.result()
    with counters.read() as conn:
        lost = THREADS * TIMES - value(conn)
    plain = create_engine(empty_url)
    with plain.begin() as conn:
        before = value(conn)
    with ThreadPoolExecutor(THREADS) as threads:
        submitted = [threads.submit(count_plainly, plain) for _ in range(THREADS * TIMES)]
        outcomes = [done.exception() for done in submitted]
    with plain.begin() as conn:
        lost_plainly = outcomes.count(None) - (value(conn) - before)
    plain.dispose()
    figures = {
        "what": "read v, write v + 1 in run()",
        "engine": engine_name,
        "times": THREADS * TIMES,
        "threads": THREADS,
        "lost": lost,
        "plain_sqlalchemy": {"lost": lost_plainly, "failed": len(outcomes) - outcomes.count(None)},
    }
    note_figures(f"lost-updates-{engine_name}", figures)
    assert lost == 0


def change(db: pydb.Database) -> None:
    """Let another transaction increment the counter."""
    with db.begin() as other:
        count(other)


@pytest.mark.engines("mariadb")
def test_a_row_changed_since_the_snapshot(counters: pydb.Database) -> None:
    """Writing to a row that was changed since the snapshot raises SerializationFailure, and run() repeats the work."""
    with pytest.raises(SerializationFailure), counters.begin("REPEATABLE READ") as conn:
        value(conn)
        change(counters)
        count(conn)
    seen: list[int] = []

    def work(conn: Connection) -> None:
        seen.append(value(conn))
        if len(seen) == 1:
            change(counters)
        count(conn)

    counters.run(work)
    assert seen == [1, 2]
    with counters.begin() as conn:
        value(conn)
        change(counters)
        count(conn)  # the server's setting: the update of the other transaction is lost
    with counters.read() as conn:
        assert value(conn) == 4


@pytest.mark.engines("mariadb")
def test_plain_blocks_keep_the_servers_setting(counters: pydb.Database) -> None:
    """begin(), begin("READ COMMITTED") and connect() have the server's setting, also on a connection of run()."""
    ask = text("SELECT @@innodb_snapshot_isolation, connection_id()")
    with counters.begin() as conn:
        before = conn.execute(ask).one()
    assert counters.run(lambda conn: conn.execute(ask).one()[0]) == 1
    with counters.begin() as conn:
        assert conn.execute(ask).one() == before
    with counters.read() as conn:
        assert conn.execute(ask).one()[0] == 1
    with counters.begin("REPEATABLE READ") as conn:
        assert conn.execute(ask).one()[0] == 1
    with counters.begin("READ COMMITTED") as conn:
        assert conn.execute(ask).one() == before
    with counters.connect() as conn:
        assert conn.execute(ask).one() == before
