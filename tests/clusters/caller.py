"""A program that calls statements through a pooler: its arguments in, the wrong answers as JSON out.

Each statement returns a text that no other program returns.  Another program has statements of the same form, so that
psycopg prepares both under the same names.

    python -m tests.clusters.caller URL NAME CALLS pydb|plain [prepare_threshold]
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, exc, text

import pydb

STATEMENTS = 12
THREADS = 4


def sql(name: str, number: int) -> str:
    return f"SELECT '{name}{number}:' || CAST(:x AS text) AS answer"


def calls_of(url: str, name: str, style: str, options: dict[str, Any]) -> Callable[[int, str], str]:
    """The function that calls a statement by its number, in a separate transaction."""
    if style == "plain":
        engine = create_engine(url, connect_args=options)

        def call_plain(number: int, x: str) -> str:
            with engine.begin() as conn:
                return str(conn.execute(text(sql(name, number)), {"x": x}).scalar_one())

        return call_plain
    folder = Path(tempfile.mkdtemp())
    (folder / "q.sql").write_text(
        "\n".join(f"-- name: s{number} :one scalar\n{sql(name, number)};" for number in range(STATEMENTS))
    )
    queries = pydb.load(folder)
    database = pydb.Database(url, pooler="transaction", pool_size=THREADS, connect_args=options)

    def call(number: int, x: str) -> str:
        def work(conn: Connection) -> str:
            if number % 3:
                return str(queries[f"q.s{number}"](conn, x=x))
            return str(conn.execute(text(sql(name, number)), {"x": x}).scalar_one())

        return database.run_read(work) if number % 2 else database.run(work)

    return call


def main(url: str, name: str, calls: str, style: str, prepare: str = "") -> None:
    call = calls_of(url, name, style, {"prepare_threshold": int(prepare)} if prepare else {})
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    def work(thread: int) -> None:
        chance = random.Random(thread)
        for turn in range(int(calls) // THREADS):
            number = chance.randrange(STATEMENTS)
            x = f"{thread}-{turn}"
            try:
                answer = call(number, x)
                outcome = "right" if answer == f"{name}{number}:{x}" else "wrong"
            except (exc.SQLAlchemyError, pydb.errors.PydbError) as error:
                outcome = f"error {type(error).__name__}"
            with lock:
                counts[outcome] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(counts))
    sys.stdout.flush()
    os._exit(0)  # the pool's connections end with the process


if __name__ == "__main__":
    main(*sys.argv[1:])
