"""The rows of sql/blog_post_tag_association.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class BlogPostTag:
    """A post bears a tag."""

    blog_post_id: int
    tag_id: int

    @classmethod
    def create(cls, conn: Connection, /, *, blog_post_id: int, tag_id: int) -> BlogPostTag:
        """Tag a post; a post that bears the tag already is refused."""
        row: BlogPostTag = records.queries.blog_post_tag_association.create(
            conn, blog_post_id=blog_post_id, tag_id=tag_id
        )
        return row

    @classmethod
    def get_or_create(cls, conn: Connection, /, *, blog_post_id: int, tag_id: int) -> BlogPostTag:
        """Tag a post, unless it bears the tag already."""
        row: BlogPostTag = records.queries.blog_post_tag_association.get_or_create(
            conn, blog_post_id=blog_post_id, tag_id=tag_id
        )
        return row

    def remove(self, conn: Connection, /) -> bool:
        """Take a tag from a post; both stay."""
        affected: int = records.queries.blog_post_tag_association.remove(
            conn, blog_post_id=self.blog_post_id, tag_id=self.tag_id
        )
        return affected > 0
