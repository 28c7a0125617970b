"""The statements of sql/message_type_lookup.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import MessageType, queries

_create: Callable[..., MessageType] = queries["message_type_lookup.create"]
_by_id: Callable[..., MessageType | None] = queries["message_type_lookup.by_id"]
_by_name: Callable[..., MessageType | None] = queries["message_type_lookup.by_name"]
_list_all: Callable[..., list[MessageType]] = queries["message_type_lookup.list_all"]


def create(conn: Connection, /, *, id: int, name: str) -> MessageType:
    """Insert a message type under a key that the application chooses."""
    return _create(conn, id=id, name=name)


def by_id(conn: Connection, /, *, id: int) -> MessageType | None:
    """One message type by key."""
    return _by_id(conn, id=id)


def by_name(conn: Connection, /, *, name: str) -> MessageType | None:
    """One message type by name."""
    return _by_name(conn, name=name)


def list_all(conn: Connection, /) -> list[MessageType]:
    """Every message type."""
    return _list_all(conn)
