"""SQLite and fork: the files that a child may open."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os, sys
from pydb import Database
from pydb.errors import PydbError

def ask(database):
    try:
        with database.read() as conn:
            return str(conn.exec_driver_sql("SELECT count(*) FROM t").scalar_one())
    except PydbError as error:
        return error.message.partition(" while")[0]

def in_child(database):
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        print(ask(database), flush=True)
        os._exit(0)
    os.waitpid(child, 0)

database = Database(f"sqlite:///{sys.argv[1]}")
with database.begin() as conn:
    conn.exec_driver_sql("CREATE TABLE t (id integer)")
in_child(database)
with database.read():
    in_child(database)
in_child(database)
print(ask(database), flush=True)
"""

CLOSED = """
import os, sys
from sqlalchemy import create_engine, event
from pydb.engines.sqlite.fork_safety import keep_safe, refuse_forked
from pydb.errors import PydbError

def in_child():
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            refuse_forked(engine)
            print("child: may open", flush=True)
        except PydbError:
            print("child: refused", flush=True)
        os._exit(0)
    os.waitpid(child, 0)

engine = create_engine(f"sqlite:///{sys.argv[1]}")
keep_safe(engine, sys.argv[1])
event.listen(engine, "close", lambda *_: print("closed"))
event.listen(engine, "close_detached", lambda *_: print("closed"))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("engine.connect().close(); print('idle'); in_child()", ["idle", "closed", "child: may open"]),
        (
            "conn = engine.connect(); in_child(); print('back'); conn.close(); print('end')",
            ["child: refused", "back", "closed", "end"],
        ),
        ("conn = engine.connect(); conn.detach(); in_child()", ["child: refused"]),
        (
            "conn = engine.connect(); conn.detach(); conn.close(); print('back'); in_child()",
            ["closed", "back", "child: may open"],
        ),
    ],
    ids=["idle", "in use", "detached", "detached and closed"],
)
def test_when_connections_are_closed(program: str, printed: list[str], tmp_path: Path) -> None:
    """An idle connection is closed before the fork, and a used or detached one when it is returned."""
    command = [sys.executable, "-c", CLOSED + program, str(tmp_path / "app.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[: len(printed)] == printed, done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_children(tmp_path: Path) -> None:
    """A child may open the file if its parent used no connection to it at the fork; the parent always may."""
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", PROGRAM, str(tmp_path / "app.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["0", "this process was forked", "0", "0"], done.stderr
