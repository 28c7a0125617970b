"""Run functions when the process forks: a function and its step in; out, calls of it at each fork.

Only this module calls ``os.register_at_fork``, once.  The functions of ``before_fork`` run in the parent, before the
fork.  Those of ``in_child`` run in the child, in the order of ``ChildStep``.  The child gives up locks before anything
can wait for them.  It finds out which files it must not open before any pool is replaced.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import IntEnum

__all__ = ["ChildStep", "before_fork", "in_child"]

Hook = Callable[[], None]


class ChildStep(IntEnum):
    """The steps of a forked child, in their order."""

    GIVE_UP_LOCKS = 1
    REFUSE_FILES = 2
    REPLACE_POOLS = 3


_before: list[Hook] = []
_in_child: list[tuple[ChildStep, Hook]] = []


def before_fork(hook: Hook) -> None:
    """Call the function in the parent, before each fork."""
    _before.append(hook)


def in_child(step: ChildStep, hook: Hook) -> None:
    """Call the function in each forked child, at that step."""
    _in_child.append((step, hook))
    _in_child.sort(key=lambda entry: entry[0])


def _run_before() -> None:
    for hook in _before:
        hook()


def _run_in_child() -> None:
    for _, hook in _in_child:
        hook()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_run_before, after_in_child=_run_in_child)
