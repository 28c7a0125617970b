"""Programs that are killed at COMMIT: a database, a key and a moment in, a killed program and a result out.

``python -m tests.harness.killed_writers URL`` reads lines ``KEY MOMENT`` and answers each of them.  The moment is
``before``, ``after`` or ``never``.  The work is done in a child, and the answer is its result or its end.
"""

from __future__ import annotations

import os
import signal
import sys
import uuid
from typing import Any

from sqlalchemy import Connection, event, text

import pydb
from pydb import errors


def work_for(key: str) -> Any:
    """Work that writes one row and returns its value."""

    def work(conn: Connection) -> str:
        result = str(uuid.uuid4())
        conn.execute(text("INSERT INTO done (job, result) VALUES (:job, :result)"), {"job": key, "result": result})
        return result

    return work


def call(url: str, key: str, moment: str, *, once: bool) -> str:
    """Do the work of this key, and kill the process at that moment of its COMMIT."""
    with pydb.Database(url) as database:
        if moment == "before":
            event.listen(database.engine, "commit", lambda _conn: os.kill(os.getpid(), signal.SIGKILL))
        elif moment == "after":
            dialect: Any = database.engine.dialect
            commit = dialect.do_commit

            def commit_and_end(connection: Any) -> None:
                commit(connection)
                os.kill(os.getpid(), signal.SIGKILL)

            dialect.do_commit = commit_and_end
        try:
            return str(database.run(work_for(key), once=key if once else None))
        except errors.AlreadyDone:
            return "already done"


def main(url: str) -> None:
    """Answer the lines of standard input."""
    for line in sys.stdin:
        key, moment, library = line.split()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, call(url, key, moment, once=library == "once").encode())
            os._exit(0)
        os.close(writing)
        os.waitpid(child, 0)
        with os.fdopen(reading) as answer:
            print(answer.read() or "killed", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
