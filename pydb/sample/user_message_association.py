"""The statements of sql/user_message_association.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import UserMessage, queries
from pydb.types import AwareDatetime

_create: Callable[..., UserMessage] = queries["user_message_association.create"]
_deliver_to_active: Callable[..., int] = queries["user_message_association.deliver_to_active"]
_by_key: Callable[..., UserMessage | None] = queries["user_message_association.by_key"]
_of_user: Callable[..., list[UserMessage]] = queries["user_message_association.of_user"]
_mark_read: Callable[..., UserMessage | None] = queries["user_message_association.mark_read"]
_mark_all_read: Callable[..., int] = queries["user_message_association.mark_all_read"]
_remove: Callable[..., int] = queries["user_message_association.remove"]


def create(conn: Connection, /, *, user_id: int, message_id: int) -> UserMessage:
    """Deliver a message to a user."""
    return _create(conn, user_id=user_id, message_id=message_id)


def deliver_to_active(conn: Connection, /, *, message_id: int) -> int:
    """Deliver a message to every user who may sign in and has not received it; how many is returned."""
    return _deliver_to_active(conn, message_id=message_id)


def by_key(conn: Connection, /, *, user_id: int, message_id: int) -> UserMessage | None:
    """The delivery of one message to one user."""
    return _by_key(conn, user_id=user_id, message_id=message_id)


def of_user(conn: Connection, /, *, user_id: int) -> list[UserMessage]:
    """What was delivered to a user, what is unread first."""
    return _of_user(conn, user_id=user_id)


def mark_read(conn: Connection, /, *, read_at: AwareDatetime, user_id: int, message_id: int) -> UserMessage | None:
    """Note when a user read a message."""
    return _mark_read(conn, read_at=read_at, user_id=user_id, message_id=message_id)


def mark_all_read(conn: Connection, /, *, read_at: AwareDatetime, user_id: int) -> int:
    """Note when a user read all that was unread; how many messages is returned."""
    return _mark_all_read(conn, read_at=read_at, user_id=user_id)


def remove(conn: Connection, /, *, user_id: int, message_id: int) -> int:
    """Take a message back from a user; the message stays."""
    return _remove(conn, user_id=user_id, message_id=message_id)
