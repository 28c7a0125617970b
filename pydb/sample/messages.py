"""The statements of sql/messages.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import Message, MessageWithType, queries

_create: Callable[..., Message] = queries["messages.create"]
_create_of_type: Callable[..., Message] = queries["messages.create_of_type"]
_by_id: Callable[..., Message | None] = queries["messages.by_id"]
_list_all: Callable[..., list[Message]] = queries["messages.list_all"]
_of_type: Callable[..., list[MessageWithType]] = queries["messages.of_type"]
_unread_of: Callable[..., list[MessageWithType]] = queries["messages.unread_of"]
_delete: Callable[..., int] = queries["messages.delete"]


def create(conn: Connection, /, *, message_type_id: int, subject: str, body: str) -> Message:
    """Insert a message of a type, by the type's key."""
    return _create(conn, message_type_id=message_type_id, subject=subject, body=body)


def create_of_type(conn: Connection, /, *, subject: str, body: str, type_name: str) -> Message:
    """Insert a message of a type, by the type's name; an unknown name inserts nothing, so no row comes back."""
    return _create_of_type(conn, subject=subject, body=body, type_name=type_name)


def by_id(conn: Connection, /, *, id: int) -> Message | None:
    """One message by key."""
    return _by_id(conn, id=id)


def list_all(conn: Connection, /) -> list[Message]:
    """Every message, the oldest first."""
    return _list_all(conn)


def of_type(conn: Connection, /, *, type_name: str) -> list[MessageWithType]:
    """The messages of a type, by the type's name."""
    return _of_type(conn, type_name=type_name)


def unread_of(conn: Connection, /, *, user_id: int) -> list[MessageWithType]:
    """The messages that were delivered to a user who has not read them."""
    return _unread_of(conn, user_id=user_id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a message and take it back from all who received it."""
    return _delete(conn, id=id)
