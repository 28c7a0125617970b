"""Check what a script may reach: each statement in; nothing, or the reason why it is refused, out.

``Database.apply`` and ``pydb check`` run scripts with all the rights of the connecting user.  A script may change only
its own database, and nothing else of the server or the machine.  Each engine has its rules in
``engines/<engine>/script_bounds``.  The whole script is checked before its first statement runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from pydb.errors import SqlFileError
from pydb.sqlfile.tokens import TokenList

__all__ = [
    "Ask",
    "Bounds",
    "OutOfBounds",
    "checked",
    "control_word",
    "opening_line",
    "refuse_control",
    "refuse_shell_command",
    "run_checked",
]

Ask = Callable[[str], Sequence[Sequence[Any]]]
"""A function that runs a query on the script's connection and returns its rows."""

HINT = "a script changes its own database only: run this statement in the engine's own shell"

_CONTROL = frozenset({"BEGIN", "COMMIT", "END", "ROLLBACK", "ABORT"})
_NOT_CONTROL = frozenset({"NOT", "ATOMIC"})


class OutOfBounds(Exception):
    """A statement that a script may not contain: ``message`` says what it is, ``hint`` what to do."""

    def __init__(self, message: str, hint: str = HINT) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Bounds(Protocol):
    """The rules of one engine for one script; they may remember earlier statements of the script."""

    def check(self, statement: str) -> None:
        """Raise OutOfBounds for a statement that a script may not contain."""
        ...

    def verify(self, statement: str | None) -> None:
        """Raise OutOfBounds if a statement that was run did more than its text shows; None means the end."""
        ...


def control_word(code: TokenList) -> str | None:
    """The word BEGIN, COMMIT or similar of a statement that controls the transaction; None for any other statement."""
    first, second = code.word(0), code.word(1)
    if first in _CONTROL and second not in _NOT_CONTROL:
        return first
    return f"{first} {second}" if first in ("START", "PREPARE") and second == "TRANSACTION" else None


def refuse_control(code: TokenList) -> None:
    """Raise OutOfBounds for BEGIN, COMMIT and similar statements: pydb controls the script's transaction."""
    word = control_word(code)
    if word is not None:
        raise OutOfBounds(
            f"{word} in a script", "apply runs the script in a transaction of its own: leave the word out"
        )


def refuse_shell_command(statement: str, marks: str, shell: str) -> None:
    """Raise OutOfBounds for a command that only an engine's shell understands, such as ``\\connect``."""
    found = re.match(rf"[{re.escape(marks)}](?:[A-Za-z]\w*|\S)?", statement)
    if found:
        raise OutOfBounds(f"{found[0]} is a command of {shell}, not SQL", f"run the script with {shell}, or remove it")


def checked(statements: Iterable[tuple[int, str]], bounds: Bounds, file: str) -> list[tuple[int, str]]:
    """The statements of a script with their lines.  Raises SqlFileError for a statement that it may not contain."""
    read = []
    for line, statement in statements:
        with _named(file, line, statement):
            bounds.check(statement)
        read.append((line, statement))
    return read


def run_checked(
    statements: Iterable[tuple[int, str]], bounds: Bounds, file: str, execute: Callable[[int, str], object]
) -> None:
    """Call ``execute(line, statement)`` for each statement.

    Raises SqlFileError after a statement that did more than its text shows.
    """
    line, statement = 1, ""
    for line, statement in statements:
        execute(line, statement)
        with _named(file, line, statement):
            bounds.verify(statement)
    with _named(file, line, statement):
        bounds.verify(None)


def opening_line(statement: str) -> str:
    """The first line of a statement, for an error about it."""
    return statement.lstrip("\r\n").partition("\n")[0]


@contextmanager
def _named(file: str, line: int, statement: str) -> Iterator[None]:
    try:
        yield
    except OutOfBounds as error:
        failure = SqlFileError(error.message, file=file, line=line, hint=error.hint, source=opening_line(statement))
    else:
        return
    raise failure
