"""Progress of long work, on a terminal's error stream only: an iterable in, the same items out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydb.support.escapes import escaped

__all__ = ["counted"]

Item = TypeVar("Item")


def counted(items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
    """Pass the items on and show how many have gone by; ``total`` None is an unknown end."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    # As the task's description: a TextColumn's own text is a format string.
    title = TextColumn("{task.description}", markup=False)
    columns = (title, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # Redirected, what goes to the standard output meanwhile, a file perhaps, would land on the terminal.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        yield from progress.track(items, total=total, description=escaped(what))
