"""The rows of sql/blog_posts.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records
from pydb.types import AwareDatetime


@dataclass(frozen=True, slots=True)
class BlogPost:
    """What a user wrote."""

    id: int
    user_id: int
    title: str
    body: str
    created_at: AwareDatetime

    @classmethod
    def create(cls, conn: Connection, /, *, user_id: int, title: str, body: str) -> BlogPost:
        """Insert a post of a user; the row comes back as stored."""
        row: BlogPost = records.queries.blog_posts.create(conn, user_id=user_id, title=title, body=body)
        return row

    def update(self, conn: Connection, /, *, title: str, body: str) -> BlogPost | None:
        """Give a post another title and text."""
        row: BlogPost | None = records.queries.blog_posts.update(conn, id=self.id, title=title, body=body)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a post with its comments; its tags stay."""
        affected: int = records.queries.blog_posts.delete(conn, id=self.id)
        return affected > 0


@dataclass(frozen=True, slots=True)
class PostWithAuthor:
    """A post with its author's name."""

    id: int
    title: str
    user_id: int
    author: str


@dataclass(frozen=True, slots=True)
class PostOverview:
    """A post with its author and its number of comments, beside one of its tags, or beside none."""

    id: int
    title: str
    author: str
    comments: int
    tag: str | None
