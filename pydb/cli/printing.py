"""Print the output of every command: text in; escaped text, safe for a terminal and a log, out.

Names, comments and messages come from files, databases and arguments, so all text is escaped here.  Only formats with
escapes of their own (JSON, GitHub's annotations) are printed with ``write_text``; rows are printed by ``output``.
"""

from __future__ import annotations

import json
import logging
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TextIO

import click

from pydb.support.escapes import escaped, escaped_json

__all__ = ["ask", "crash", "escaping", "print_json", "say", "usage_error", "write_text"]


_NO_ARGUMENTS = getattr(click.exceptions, "NoArgsIsHelpError", ())
"""The error that click 8.2 and later versions raise for a group without arguments; its text is the help."""


def say(*parts: str | tuple[str, str], err: bool = False, keep: str = "") -> None:
    """Print one line from texts and (text, style) pairs; only a terminal shows styles.  ``keep`` is not escaped."""
    pairs = [(part, "") if isinstance(part, str) else part for part in parts]
    if not any(style for _, style in pairs) or not _say_styled(
        [(escaped(text, keep), style) for text, style in pairs], err
    ):
        # The line is escaped as a whole: a CI system reads lines, and two harmless parts may form a command together.
        click.echo(escaped("".join(text for text, _ in pairs), keep), err=err)


def _say_styled(pairs: Sequence[tuple[str, str]], err: bool) -> bool:
    """Print escaped texts in their styles if the stream is a terminal; return whether it is."""
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=err, highlight=False, soft_wrap=True)
    if console.is_terminal:
        console.print(Text.assemble(*pairs))
    return console.is_terminal


def write_text(text: str) -> None:
    """Print text that is already escaped."""
    click.echo(text)


def print_json(document: Any) -> None:
    """Print a document as JSON; its texts are escaped for a terminal."""
    write_text(escaped_json(json.dumps(document, indent=2, ensure_ascii=False)))


def ask(question: str) -> None:
    """Ask for confirmation.  Raises click.Abort if the answer is no."""
    click.confirm(escaped(question), abort=True)


def usage_error(error: click.ClickException) -> None:
    """Print click's error about the arguments with the command's usage; for a group without arguments, its help."""
    if isinstance(error, _NO_ARGUMENTS):
        error.show()
        return
    click.UsageError(escaped(error.format_message()), getattr(error, "ctx", None)).show()


@contextmanager
def escaping() -> Iterator[None]:
    """Escape what libraries print by themselves: Python's warnings, and log records without a handler."""
    handler = logging.lastResort
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        if handler is not None:
            handler.setFormatter(_Formatter())
        try:
            yield
        finally:
            if handler is not None:
                handler.setFormatter(None)


def crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print the traceback of an error that no command expects: a ``sys.excepthook``."""
    say("".join(traceback.format_exception(kind, error, trace)), err=True, keep="\n")


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    say(f"pydb: {category.__name__}: {message}", err=True)


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return escaped(super().format(record), keep="\n")
