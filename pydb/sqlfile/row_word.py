"""The row words of headers: a word such as ``maybe`` in; out, what a statement returns and how it is called."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["RowWord"]


class RowWord(StrEnum):
    """The number of rows that a statement returns, or what it returns instead.  Its text is the word without the colon.

    ``returns_rows``: the result is a row or rows; not true of ``:batch``, which returns rows only with RETURNING.
    ``returns_no_rows``: the result never has rows.  ``at_most_one``: a second row is an error.  ``takes_sets``: the
    statement is called with an iterable of parameter sets.  ``streams``: the rows are fetched while they are read.
    """

    ONE = "one"
    MAYBE = "maybe"
    MANY = "many"
    STREAM = "stream"
    AFFECTED = "affected"
    EXEC = "exec"
    BATCH = "batch"

    # Attributes, not properties: loading reads them several times for each statement.
    returns_rows: bool
    returns_no_rows: bool
    at_most_one: bool
    takes_sets: bool
    streams: bool

    def __init__(self, text: str) -> None:
        self.returns_rows = text in ("one", "maybe", "many", "stream")
        self.returns_no_rows = text in ("affected", "exec")
        self.at_most_one = text in ("one", "maybe")
        self.takes_sets = text == "batch"
        self.streams = text == "stream"
