"""The functions that are called at a fork, and their order."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import os
from pydb.engines.forks import ChildStep, before_fork, in_child
import pydb.engines.sqlite.fork_safety, pydb.engines.sqlite.write_queue, pydb.database

called = []
in_child(ChildStep.REPLACE_POOLS, lambda: called.append("pools"))
in_child(ChildStep.GIVE_UP_LOCKS, lambda: called.append("locks"))
in_child(ChildStep.REFUSE_FILES, lambda: called.append("files"))
before_fork(lambda: called.append("before"))
child = os.fork()
if child == 0:
    print(*called, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(*called, flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_the_order() -> None:
    """The order is: before the fork; in the child locks, then files, then pools, however they were added."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == "before locks files pools\nbefore\n"


def test_one_hook() -> None:
    """Only one module of the package sets Python's hook."""
    program = (
        "import os\ncount = []\nos.register_at_fork = lambda **hooks: count.append(hooks)\n"
        "import pydb.database, pydb.engines.sqlite.rules\n"
        "print(sum('pydb' in hook.__module__ for hooks in count for hook in hooks.values()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "2\n"
