"""Keep a script within the connection's own database file on SQLite: each statement in; nothing, or OutOfBounds, out.

The text of the script is checked before its first statement runs.  In addition, ``authorize`` refuses the same when
SQLite prepares a statement (https://sqlite.org/c3ref/set_authorizer.html).
"""

from __future__ import annotations

import sqlite3

from pydb.engines.script_bounds import OutOfBounds, refuse_control, refuse_shell_command
from pydb.sqlfile.lexer import tokenizations
from pydb.sqlfile.syntax import syntax_of
from pydb.sqlfile.tokens import TokenList

__all__ = ["SqliteBounds", "authorize"]

# Settings of the whole process: https://sqlite.org/pragma.html
_PROCESS_PRAGMAS = frozenset({"temp_store_directory", "data_store_directory", "hard_heap_limit", "soft_heap_limit"})


class SqliteBounds:
    """The rules for one script."""

    def check(self, statement: str) -> None:
        """Raise OutOfBounds for a statement that reaches beyond the database."""
        refuse_shell_command(statement, ".", "sqlite3")
        for tokenization in tokenizations(statement, (syntax_of("sqlite"),)):
            if tokenization.unterminated is not None:  # SQLite accepts a comment without an end
                (tokenization,) = tokenizations(statement[: tokenization.unterminated.start], (syntax_of("sqlite"),))
            code = TokenList(tokenization.code)
            refuse_control(code)
            _check_verb(code)
            for i, word in enumerate(code.words):
                if code.name(i) == "load_extension" and code.word(i + 1) == "(":
                    raise OutOfBounds(f"{word} loads code from a file")

    def verify(self, statement: str | None) -> None:
        """Do nothing: ``authorize`` refuses such statements before they run."""


def _check_verb(code: TokenList) -> None:
    verb = code.word(0)
    if verb in ("ATTACH", "DETACH"):
        raise OutOfBounds(f"{verb} in a script: it reaches another database file")
    if verb == "VACUUM" and "INTO" in code.words:
        raise OutOfBounds("VACUUM INTO in a script: it writes another file")
    # PRAGMA schema.name = value, or name(value)
    place = 3 if code.word(2) == "." else 1
    if verb == "PRAGMA" and code.name(place) in _PROCESS_PRAGMAS and code.word(place + 1):
        raise OutOfBounds(f"PRAGMA {code.name(place)} in a script: it is a setting of the whole process")


def authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """SQLite's authorizer while a script runs: the same rules, also for actions that the text does not show."""
    if action == sqlite3.SQLITE_ATTACH and first:  # VACUUM attaches a file without a name
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_DETACH or (action == sqlite3.SQLITE_FUNCTION and second == "load_extension"):
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _PROCESS_PRAGMAS and second is not None:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
