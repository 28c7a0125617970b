"""The statements of sql/reports/authors.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import AuthorRank, AuthorSilence, queries

_posts_per_author: Callable[..., list[AuthorRank]] = queries["reports.authors.posts_per_author"]
_longest_silence: Callable[..., list[AuthorSilence]] = queries["reports.authors.longest_silence"]


def posts_per_author(conn: Connection, /) -> list[AuthorRank]:
    """How many posts each user wrote, the most first; users with equally many share a rank."""
    return _posts_per_author(conn)


def longest_silence(conn: Connection, /) -> list[AuthorSilence]:
    """The users who wrote something, with their last post and the number of posts since then by others."""
    return _longest_silence(conn)
