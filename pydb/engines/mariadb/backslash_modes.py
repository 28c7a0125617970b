"""Follow the sql_mode that a script sets: each statement in; whether a backslash is an ordinary character, out.

The sessions of ``Database`` have NO_BACKSLASH_ESCAPES.  A dump sets another sql_mode at its beginning, and around each
trigger.  The mariadb shell gets the mode from the server.  pydb cuts a script into statements before it runs, so it
reads the mode from the text.
"""

from __future__ import annotations

import re

from pydb.sqlfile.syntax import ScriptModes

__all__ = ["BackslashModes"]

_MODE = "NO_BACKSLASH_ESCAPES"
_SETS = re.compile(r"SET\b|/\*", re.IGNORECASE)  # an executable comment, which contains a dump's SET
_ASSIGNMENT = re.compile(
    r"(?P<target>@\w+|(?:@@|\b)(?:(?:SESSION|LOCAL)[\s.]+)?SQL_MODE)\s*:?=\s*"
    r"(?P<value>@@(?:(?:SESSION|LOCAL)\.)?SQL_MODE|@\w+|'[^']*'|\"[^\"]*\"|(?:CONCAT|CONCAT_WS|REPLACE)\([^()]*\)"
    r"|[\w$]+(?!\())",
    re.IGNORECASE,
)


class BackslashModes(ScriptModes):
    """The modes of a script; ``are_known`` is true if the script has set them in a form that pydb understands."""

    def __init__(self) -> None:
        self.plain_backslashes = True
        self.are_known = False
        self._saved: dict[str, bool] = {}

    def note(self, statement: str) -> None:
        """Follow a statement that sets the sql_mode or saves it in a variable."""
        if not _SETS.match(statement) or "sql_mode" not in statement.lower():
            return
        before = self.plain_backslashes
        understood = 0
        for found in _ASSIGNMENT.finditer(statement):
            understood += found[0].lower().count("sql_mode")
            target, value = found["target"].lower(), found["value"].lower()
            if not target.startswith("@") or target.startswith("@@"):
                self.plain_backslashes = self._plain(value, before)
                self.are_known = True
            elif value.startswith("@"):
                self._saved[target] = self._plain(value, before)
        is_one = not re.match(r"SET\s+STATEMENT\b", statement, re.IGNORECASE)
        self.are_known = self.are_known and is_one and understood == statement.lower().count("sql_mode")

    def _plain(self, value: str, before: bool) -> bool:
        if value.startswith("@@"):
            return before
        if value.startswith("@"):
            return self._saved.get(value, before)
        if value.startswith("concat"):
            return before or _MODE in value.upper()
        if value.startswith("replace("):
            return before and _MODE not in value.upper()
        return _MODE in value.upper()
