"""Check what a script may reach: each statement in; nothing, or the reason why it is refused, out.

``Database.apply`` and ``pydb check`` run scripts with all the rights of the user who connects.  A script may change
the one database that it is given to, and nothing else of the server or the machine.  Each engine lists its own rules in
``engines/<engine>/script_bounds``; the whole script is read before its first statement runs.
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
"""Runs a query on the connection that the script is for; returns its rows."""

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
    """The rules of one engine, for one script; they may remember what earlier statements of the script were."""

    def check(self, statement: str) -> None:
        """Raise OutOfBounds for a statement that a script may not contain."""
        ...

    def verify(self, statement: str | None) -> None:
        """Raise OutOfBounds when a statement, which has run, did more than its text says; None means the end."""
        ...


def control_word(code: TokenList) -> str | None:
    """BEGIN, COMMIT or what else controls the transaction, where the statement does; else None."""
    first, second = code.word(0), code.word(1)
    if first in _CONTROL and second not in _NOT_CONTROL:
        return first
    return f"{first} {second}" if first in ("START", "PREPARE") and second == "TRANSACTION" else None


def refuse_control(code: TokenList) -> None:
    """Raise OutOfBounds for BEGIN, COMMIT and their like: the script's transaction is pydb's."""
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
    """The statements of a script with their lines.  Raises SqlFileError for one that it may not contain."""
    read = []
    for line, statement in statements:
        with _named(file, line, statement):
            bounds.check(statement)
        read.append((line, statement))
    return read


def run_checked(
    statements: Iterable[tuple[int, str]], bounds: Bounds, file: str, execute: Callable[[int, str], object]
) -> None:
    """Call ``execute(line, statement)`` for each.  Raises SqlFileError after one that did more than its text says."""
    line, statement = 1, ""
    for line, statement in statements:
        execute(line, statement)
        with _named(file, line, statement):
            bounds.verify(statement)
    with _named(file, line, statement):
        bounds.verify(None)


def opening_line(statement: str) -> str:
    """The line in which a statement begins, for an error about it."""
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
