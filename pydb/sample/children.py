"""The statements of sql/children.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import Child, ChildOfParent, queries

_create: Callable[..., Child] = queries["children.create"]
_by_id: Callable[..., Child | None] = queries["children.by_id"]
_first_by_name: Callable[..., Child | None] = queries["children.first_by_name"]
_first: Callable[..., Child | None] = queries["children.first"]
_last: Callable[..., Child | None] = queries["children.last"]
_list_all: Callable[..., list[Child]] = queries["children.list_all"]
_of_parent: Callable[..., list[ChildOfParent]] = queries["children.of_parent"]
_delete: Callable[..., int] = queries["children.delete"]


def create(conn: Connection, /, *, name: str) -> Child:
    """Insert a child; the row comes back as stored."""
    return _create(conn, name=name)


def by_id(conn: Connection, /, *, id: int) -> Child | None:
    """One child by key."""
    return _by_id(conn, id=id)


def first_by_name(conn: Connection, /, *, name: str) -> Child | None:
    """The child of this name; of several, the one with the lowest key."""
    return _first_by_name(conn, name=name)


def first(conn: Connection, /) -> Child | None:
    """The child with the lowest key."""
    return _first(conn)


def last(conn: Connection, /) -> Child | None:
    """The child with the highest key."""
    return _last(conn)


def list_all(conn: Connection, /) -> list[Child]:
    """Every child."""
    return _list_all(conn)


def of_parent(conn: Connection, /, *, parent_id: int) -> list[ChildOfParent]:
    """The children of a parent, each with the kind of parent that the parent is."""
    return _of_parent(conn, parent_id=parent_id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a child; the parents stay."""
    return _delete(conn, id=id)
