"""Report what an interrupted command has done: the command's notes of its progress in, the text to print out."""

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
    """The progress of a command, which is printed after an interrupt.

    A command sets ``text`` before a step whose outcome may become uncertain, and after a step that is done.  ``text``
    is a function if the answer must be looked up; it is called after the command has ended.  ``is_reported`` is true
    when the text has been printed.
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
        """Set the text when the engine sends COMMIT.  When COMMIT has returned, the caller sets the text again."""
        from sqlalchemy import event

        def committing(_conn: object) -> None:
            self.text = "COMMIT was under way: it is not known whether the transaction was committed"

        event.listen(engine, "commit", committing)


pass_done_so_far = click.make_pass_decorator(DoneSoFar, ensure=True)
