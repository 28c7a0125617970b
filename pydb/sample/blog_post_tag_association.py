"""The statements of sql/blog_post_tag_association.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import BlogPostTag, queries

_create: Callable[..., BlogPostTag] = queries["blog_post_tag_association.create"]
_get_or_create: Callable[..., BlogPostTag] = queries["blog_post_tag_association.get_or_create"]
_list_all: Callable[..., list[BlogPostTag]] = queries["blog_post_tag_association.list_all"]
_remove: Callable[..., int] = queries["blog_post_tag_association.remove"]


def create(conn: Connection, /, *, blog_post_id: int, tag_id: int) -> BlogPostTag:
    """Tag a post; a post that bears the tag already is refused."""
    return _create(conn, blog_post_id=blog_post_id, tag_id=tag_id)


def get_or_create(conn: Connection, /, *, blog_post_id: int, tag_id: int) -> BlogPostTag:
    """Tag a post, unless it bears the tag already."""
    return _get_or_create(conn, blog_post_id=blog_post_id, tag_id=tag_id)


def list_all(conn: Connection, /) -> list[BlogPostTag]:
    """Every tag of every post."""
    return _list_all(conn)


def remove(conn: Connection, /, *, blog_post_id: int, tag_id: int) -> int:
    """Take a tag from a post; both stay."""
    return _remove(conn, blog_post_id=blog_post_id, tag_id=tag_id)
