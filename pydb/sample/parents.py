"""The statements of sql/parents.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import Parent, ParentOfChild, queries

_create: Callable[..., Parent] = queries["parents.create"]
_by_id: Callable[..., Parent | None] = queries["parents.by_id"]
_first_by_name: Callable[..., Parent | None] = queries["parents.first_by_name"]
_first: Callable[..., Parent | None] = queries["parents.first"]
_last: Callable[..., Parent | None] = queries["parents.last"]
_list_all: Callable[..., list[Parent]] = queries["parents.list_all"]
_of_child: Callable[..., list[ParentOfChild]] = queries["parents.of_child"]
_delete: Callable[..., int] = queries["parents.delete"]


def create(conn: Connection, /, *, name: str) -> Parent:
    """Insert a parent; the row comes back as stored."""
    return _create(conn, name=name)


def by_id(conn: Connection, /, *, id: int) -> Parent | None:
    """One parent by key."""
    return _by_id(conn, id=id)


def first_by_name(conn: Connection, /, *, name: str) -> Parent | None:
    """The parent of this name; of several, the one with the lowest key."""
    return _first_by_name(conn, name=name)


def first(conn: Connection, /) -> Parent | None:
    """The parent with the lowest key."""
    return _first(conn)


def last(conn: Connection, /) -> Parent | None:
    """The parent with the highest key."""
    return _last(conn)


def list_all(conn: Connection, /) -> list[Parent]:
    """Every parent."""
    return _list_all(conn)


def of_child(conn: Connection, /, *, child_id: int) -> list[ParentOfChild]:
    """The parents of a child, each with the kind of parent."""
    return _of_child(conn, child_id=child_id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a parent; the children stay."""
    return _delete(conn, id=id)
