"""The statements of sql/books.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import Book, queries

_create: Callable[..., Book] = queries["books.create"]
_upsert: Callable[..., Book] = queries["books.upsert"]
_by_id: Callable[..., Book | None] = queries["books.by_id"]
_list_all: Callable[..., list[Book]] = queries["books.list_all"]
_list_available: Callable[..., list[Book]] = queries["books.list_available"]
_by_author: Callable[..., list[Book]] = queries["books.by_author"]
_mark_unavailable: Callable[..., Book | None] = queries["books.mark_unavailable"]
_mark_available: Callable[..., Book | None] = queries["books.mark_available"]
_delete: Callable[..., int] = queries["books.delete"]


def create(conn: Connection, /, *, title: str, author: str, pages: int) -> Book:
    """Insert a book that is there to be taken."""
    return _create(conn, title=title, author=author, pages=pages)


def upsert(conn: Connection, /, *, title: str, author: str, pages: int) -> Book:
    """Insert a book, or correct its pages; the same author and title always keep their id."""
    return _upsert(conn, title=title, author=author, pages=pages)


def by_id(conn: Connection, /, *, id: int) -> Book | None:
    """One book by key."""
    return _by_id(conn, id=id)


def list_all(conn: Connection, /) -> list[Book]:
    """Every book, by title."""
    return _list_all(conn)


def list_available(conn: Connection, /) -> list[Book]:
    """The books that can be taken, by title."""
    return _list_available(conn)


def by_author(conn: Connection, /, *, author: str) -> list[Book]:
    """The books of an author, by title."""
    return _by_author(conn, author=author)


def mark_unavailable(conn: Connection, /, *, id: int) -> Book | None:
    """Note that a book was taken."""
    return _mark_unavailable(conn, id=id)


def mark_available(conn: Connection, /, *, id: int) -> Book | None:
    """Note that a book is back."""
    return _mark_available(conn, id=id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a book."""
    return _delete(conn, id=id)
