"""The statements of sql/reports/tags.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import TagWord, queries

_top_words: Callable[..., list[TagWord]] = queries["reports.tags.top_words"]


def top_words(conn: Connection, /, *, limit: int) -> list[TagWord]:
    """The words that tags are made of, the most used first."""
    return _top_words(conn, limit=limit)
