"""Count the statements that a block sends: calls on any SQLAlchemy engine in, the statements' names in order out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

from pydb.sqlfile.rendering import named_in
from pydb.support.escapes import shortened

__all__ = ["SentStatements", "sent_statements"]

_FIRST_WORD = re.compile(r"(?:\s|/\*.*?\*/|--[^\n]*\n)*(\w*)", re.DOTALL)
# These statements are sent for each transaction and savepoint, and do not depend on the code under test.
_NOT_COUNTED = frozenset({"BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET"})


@dataclass(slots=True)
class SentStatements:
    """The statements sent so far, by name, or for SQL without a name by the beginning of its text."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """The number of statements."""
        return len(self.statements)

    def refusal(self, limit: int) -> str | None:
        """The error message if there are more statements than ``limit``, else None."""
        if self.count <= limit:
            return None
        listed = "\n".join(f"    {number:>3}  {text}" for number, text in enumerate(self.statements, 1))
        return f"{self.count} statements were sent, the limit is {limit}:\n{listed}"


@contextmanager
def sent_statements() -> Iterator[SentStatements]:
    """Count the statements that this process sends until the block ends, in every thread and on every engine."""
    sent = SentStatements()

    def note(_conn: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _executemany: bool) -> None:
        first = _FIRST_WORD.match(statement)
        if first is None or first[1].upper() not in _NOT_COUNTED:
            sent.statements.append(named_in(statement) or shortened(" ".join(statement.split())))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
