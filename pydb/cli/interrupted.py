"""What an interrupted command has done: the command says it as it goes on, and the command line prints it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["DoneSoFar", "pass_done_so_far"]


@dataclass(slots=True)
class DoneSoFar:
    """``text`` is true of the moment at which an interrupt finds the command.

    A command sets it before what it announces as uncertain, and after what it announces as done.  It is a function
    where the answer has to be looked up, which happens when the command has been left.  ``is_reported``: it is printed.
    """

    text: str | Callable[[], str] = "nothing was changed"
    is_reported: bool = False

    def set(self, text: str | Callable[[], str]) -> None:
        """Set the text."""
        self.text = text

    def text_now(self) -> str:
        """The text, at the time of the interrupt."""
        return self.text if isinstance(self.text, str) else self.text()

    def watch_commit(self, engine: Engine) -> None:
        """From the moment when the engine sends COMMIT, say so; the caller says what is kept when it has come back."""
        from sqlalchemy import event

        def committing(_conn: object) -> None:
            self.text = "COMMIT was under way: it is not known whether the transaction was committed"

        event.listen(engine, "commit", committing)


pass_done_so_far = click.make_pass_decorator(DoneSoFar, ensure=True)
