"""The row word of a header, ``:maybe``: what a statement returns, and how it is called."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["RowWord"]


class RowWord(StrEnum):
    """How many rows a statement returns, or what instead of rows.  Its text is the word without the colon."""

    ONE = "one"
    MAYBE = "maybe"
    MANY = "many"
    STREAM = "stream"
    AFFECTED = "affected"
    EXEC = "exec"
    BATCH = "batch"

    @property
    def returns_rows(self) -> bool:
        """Whether the result is a row or rows, whatever the SQL says; a ``:batch`` returns rows only by RETURNING."""
        return self in (RowWord.ONE, RowWord.MAYBE, RowWord.MANY, RowWord.STREAM)

    @property
    def returns_no_rows(self) -> bool:
        """Whether the result never has rows: ``:exec`` and ``:affected``."""
        return self in (RowWord.EXEC, RowWord.AFFECTED)

    @property
    def at_most_one(self) -> bool:
        """Whether a second row is an error."""
        return self in (RowWord.ONE, RowWord.MAYBE)

    @property
    def takes_sets(self) -> bool:
        """Whether the statement is called with an iterable of parameter sets."""
        return self is RowWord.BATCH

    @property
    def streams(self) -> bool:
        """Whether the rows come while they are read."""
        return self is RowWord.STREAM
