"""The statements of sql/parent_child_association.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import ParentChild, queries
from pydb.sample.types import ParentKind

_create: Callable[..., ParentChild] = queries["parent_child_association.create"]
_upsert: Callable[..., ParentChild] = queries["parent_child_association.upsert"]
_list_all: Callable[..., list[ParentChild]] = queries["parent_child_association.list_all"]
_remove: Callable[..., int] = queries["parent_child_association.remove"]


def create(conn: Connection, /, *, parent_id: int, child_id: int, kind: ParentKind) -> ParentChild:
    """Make a parent the parent of a child."""
    return _create(conn, parent_id=parent_id, child_id=child_id, kind=kind)


def upsert(conn: Connection, /, *, parent_id: int, child_id: int, kind: ParentKind) -> ParentChild:
    """Make a parent the parent of a child, or correct the kind."""
    return _upsert(conn, parent_id=parent_id, child_id=child_id, kind=kind)


def list_all(conn: Connection, /) -> list[ParentChild]:
    """Every parent of every child."""
    return _list_all(conn)


def remove(conn: Connection, /, *, parent_id: int, child_id: int) -> int:
    """Remove the link between a parent and a child; both stay."""
    return _remove(conn, parent_id=parent_id, child_id=child_id)
