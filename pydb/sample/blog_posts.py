"""The statements of sql/blog_posts.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from pydb.sample.records import BlogPost, PostOverview, PostWithAuthor, queries

_create: Callable[..., BlogPost] = queries["blog_posts.create"]
_create_many: Callable[..., list[BlogPost]] = queries["blog_posts.create_many"]
_by_id: Callable[..., BlogPost | None] = queries["blog_posts.by_id"]
_list_all: Callable[..., list[BlogPost]] = queries["blog_posts.list_all"]
_newest: Callable[..., list[BlogPost]] = queries["blog_posts.newest"]
_of_user: Callable[..., list[BlogPost]] = queries["blog_posts.of_user"]
_of_users: Callable[..., list[BlogPost]] = queries["blog_posts.of_users"]
_stream_all: Callable[..., Iterator[BlogPost]] = queries["blog_posts.stream_all"]
_count_of_user: Callable[..., int] = queries["blog_posts.count_of_user"]
_with_author: Callable[..., list[PostWithAuthor]] = queries["blog_posts.with_author"]
_tagged: Callable[..., list[PostWithAuthor]] = queries["blog_posts.tagged"]
_overview: Callable[..., list[PostOverview]] = queries["blog_posts.overview"]
_update: Callable[..., BlogPost | None] = queries["blog_posts.update"]
_delete: Callable[..., int] = queries["blog_posts.delete"]


def create(conn: Connection, /, *, user_id: int, title: str, body: str) -> BlogPost:
    """Insert a post of a user; the row comes back as stored."""
    return _create(conn, user_id=user_id, title=title, body=body)


def create_many(conn: Connection, sets: Iterable[Mapping[str, Any]], /) -> list[BlogPost]:
    """Insert many posts in few round trips; the rows come back in the order given."""
    return _create_many(conn, sets)


def by_id(conn: Connection, /, *, id: int) -> BlogPost | None:
    """One post by key."""
    return _by_id(conn, id=id)


def list_all(conn: Connection, /) -> list[BlogPost]:
    """Every post, the oldest first."""
    return _list_all(conn)


def newest(conn: Connection, /, *, limit: int) -> list[BlogPost]:
    """The newest posts."""
    return _newest(conn, limit=limit)


def of_user(conn: Connection, /, *, user_id: int) -> list[BlogPost]:
    """The posts of a user, the oldest first."""
    return _of_user(conn, user_id=user_id)


def of_users(conn: Connection, /, *, user_ids: Collection[int]) -> list[BlogPost]:
    """The posts of several users, user by user."""
    return _of_users(conn, user_ids=user_ids)


def stream_all(conn: Connection, /) -> Iterator[BlogPost]:
    """Every post in key order, read in bounded memory."""
    return _stream_all(conn)


def count_of_user(conn: Connection, /, *, user_id: int) -> int:
    """How many posts a user wrote."""
    return _count_of_user(conn, user_id=user_id)


def with_author(conn: Connection, /) -> list[PostWithAuthor]:
    """Every post with its author's name."""
    return _with_author(conn)


def tagged(conn: Connection, /, *, tag: str) -> list[PostWithAuthor]:
    """The posts that bear a tag, with their authors' names."""
    return _tagged(conn, tag=tag)


def overview(conn: Connection, /, *, id: int) -> list[PostOverview]:
    """A post with its author, its number of comments and its tags: a row for each tag, or one without a tag."""
    return _overview(conn, id=id)


def update(conn: Connection, /, *, title: str, body: str, id: int) -> BlogPost | None:
    """Give a post another title and text."""
    return _update(conn, title=title, body=body, id=id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a post with its comments; its tags stay."""
    return _delete(conn, id=id)
