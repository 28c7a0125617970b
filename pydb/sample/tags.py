"""The statements of sql/tags.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from pydb.sample.records import Tag, queries

_create: Callable[..., Tag] = queries["tags.create"]
_get_or_create: Callable[..., Tag] = queries["tags.get_or_create"]
_create_many: Callable[..., list[Tag]] = queries["tags.create_many"]
_by_id: Callable[..., Tag | None] = queries["tags.by_id"]
_by_name: Callable[..., Tag | None] = queries["tags.by_name"]
_list_all: Callable[..., list[Tag]] = queries["tags.list_all"]
_of_post: Callable[..., list[Tag]] = queries["tags.of_post"]
_delete: Callable[..., int] = queries["tags.delete"]


def create(conn: Connection, /, *, name: str) -> Tag:
    """Insert a tag; a name that exists is refused."""
    return _create(conn, name=name)


def get_or_create(conn: Connection, /, *, name: str) -> Tag:
    """The tag of this name, inserted unless it exists."""
    return _get_or_create(conn, name=name)


def create_many(conn: Connection, sets: Iterable[Mapping[str, Any]], /) -> list[Tag]:
    """Insert many tags in few round trips; the rows come back in the order given."""
    return _create_many(conn, sets)


def by_id(conn: Connection, /, *, id: int) -> Tag | None:
    """One tag by key."""
    return _by_id(conn, id=id)


def by_name(conn: Connection, /, *, name: str) -> Tag | None:
    """One tag by name."""
    return _by_name(conn, name=name)


def list_all(conn: Connection, /) -> list[Tag]:
    """Every tag, by name."""
    return _list_all(conn)


def of_post(conn: Connection, /, *, blog_post_id: int) -> list[Tag]:
    """The tags of a post, by name."""
    return _of_post(conn, blog_post_id=blog_post_id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a tag; the posts that bore it stay."""
    return _delete(conn, id=id)
