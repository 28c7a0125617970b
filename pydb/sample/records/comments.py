"""The rows of sql/comments.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records
from pydb.types import AwareDatetime


@dataclass(frozen=True, slots=True)
class Comment:
    """An answer to a post or to another comment."""

    id: int
    blog_post_id: int
    user_id: int
    parent_id: int | None
    body: str
    created_at: AwareDatetime

    @classmethod
    def create(
        cls, conn: Connection, /, *, blog_post_id: int, user_id: int, parent_id: int | None, body: str
    ) -> Comment:
        """Insert a comment; without a parent it answers the post itself."""
        row: Comment = records.queries.comments.create(
            conn, blog_post_id=blog_post_id, user_id=user_id, parent_id=parent_id, body=body
        )
        return row

    def update_body(self, conn: Connection, /, *, body: str) -> Comment | None:
        """Give a comment another text."""
        row: Comment | None = records.queries.comments.update_body(conn, id=self.id, body=body)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a comment with all its answers."""
        affected: int = records.queries.comments.delete(conn, id=self.id)
        return affected > 0


@dataclass(frozen=True, slots=True)
class CommentInThread:
    """A comment at its place in the tree."""

    id: int
    parent_id: int | None
    depth: int
    author: str
    body: str
