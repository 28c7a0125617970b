"""The rows of sql/books.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class Book:
    """A book of the library."""

    id: int
    title: str
    author: str
    pages: int
    available: bool

    @classmethod
    def create(cls, conn: Connection, /, *, title: str, author: str, pages: int) -> Book:
        """Insert a book that is there to be taken."""
        row: Book = records.queries.books.create(conn, title=title, author=author, pages=pages)
        return row

    @classmethod
    def upsert(cls, conn: Connection, /, *, title: str, author: str, pages: int) -> Book:
        """Insert a book, or correct its pages; the same author and title always keep their id."""
        row: Book = records.queries.books.upsert(conn, title=title, author=author, pages=pages)
        return row

    def mark_unavailable(self, conn: Connection, /) -> Book | None:
        """Note that a book was taken."""
        row: Book | None = records.queries.books.mark_unavailable(conn, id=self.id)
        return row

    def mark_available(self, conn: Connection, /) -> Book | None:
        """Note that a book is back."""
        row: Book | None = records.queries.books.mark_available(conn, id=self.id)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a book."""
        affected: int = records.queries.books.delete(conn, id=self.id)
        return affected > 0
