"""The statements of sql/comments.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import Comment, CommentInThread, queries

_create: Callable[..., Comment] = queries["comments.create"]
_by_id: Callable[..., Comment | None] = queries["comments.by_id"]
_list_all: Callable[..., list[Comment]] = queries["comments.list_all"]
_of_post: Callable[..., list[Comment]] = queries["comments.of_post"]
_of_user: Callable[..., list[Comment]] = queries["comments.of_user"]
_thread: Callable[..., list[CommentInThread]] = queries["comments.thread"]
_update_body: Callable[..., Comment | None] = queries["comments.update_body"]
_delete: Callable[..., int] = queries["comments.delete"]


def create(conn: Connection, /, *, blog_post_id: int, user_id: int, parent_id: int | None, body: str) -> Comment:
    """Insert a comment; without a parent it answers the post itself."""
    return _create(conn, blog_post_id=blog_post_id, user_id=user_id, parent_id=parent_id, body=body)


def by_id(conn: Connection, /, *, id: int) -> Comment | None:
    """One comment by key."""
    return _by_id(conn, id=id)


def list_all(conn: Connection, /) -> list[Comment]:
    """Every comment, the oldest first."""
    return _list_all(conn)


def of_post(conn: Connection, /, *, blog_post_id: int) -> list[Comment]:
    """The comments of a post, the oldest first, without regard to who answers whom."""
    return _of_post(conn, blog_post_id=blog_post_id)


def of_user(conn: Connection, /, *, user_id: int) -> list[Comment]:
    """The comments that a user wrote, the oldest first."""
    return _of_user(conn, user_id=user_id)


def thread(conn: Connection, /, *, blog_post_id: int) -> list[CommentInThread]:
    """The comments of a post as a tree: each right above its answers, with its depth; 0 answers the post."""
    return _thread(conn, blog_post_id=blog_post_id)


def update_body(conn: Connection, /, *, body: str, id: int) -> Comment | None:
    """Give a comment another text."""
    return _update_body(conn, body=body, id=id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a comment with all its answers."""
    return _delete(conn, id=id)
