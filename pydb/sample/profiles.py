"""The statements of sql/profiles.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

from sqlalchemy import Connection

from pydb.sample.records import Profile, UserWithProfile, queries

_create: Callable[..., Profile] = queries["profiles.create"]
_upsert: Callable[..., Profile] = queries["profiles.upsert"]
_by_user: Callable[..., Profile | None] = queries["profiles.by_user"]
_list_all: Callable[..., list[Profile]] = queries["profiles.list_all"]
_of_active_users: Callable[..., list[UserWithProfile]] = queries["profiles.of_active_users"]
_update_settings: Callable[..., Profile | None] = queries["profiles.update_settings"]
_update_avatar: Callable[..., Profile | None] = queries["profiles.update_avatar"]
_delete: Callable[..., int] = queries["profiles.delete"]


def create(
    conn: Connection,
    /,
    *,
    user_id: int,
    bio: str | None,
    avatar: bytes | None,
    born_on: date | None,
    digest_at: time | None,
    settings: dict[str, Any],
) -> Profile:
    """Insert a user's profile; the row comes back as stored."""
    return _create(
        conn, user_id=user_id, bio=bio, avatar=avatar, born_on=born_on, digest_at=digest_at, settings=settings
    )


def upsert(
    conn: Connection,
    /,
    *,
    user_id: int,
    bio: str | None,
    avatar: bytes | None,
    born_on: date | None,
    digest_at: time | None,
    settings: dict[str, Any],
) -> Profile:
    """Insert a user's profile or replace all it says."""
    return _upsert(
        conn, user_id=user_id, bio=bio, avatar=avatar, born_on=born_on, digest_at=digest_at, settings=settings
    )


def by_user(conn: Connection, /, *, user_id: int) -> Profile | None:
    """The profile of a user."""
    return _by_user(conn, user_id=user_id)


def list_all(conn: Connection, /) -> list[Profile]:
    """Every profile, by user."""
    return _list_all(conn)


def of_active_users(conn: Connection, /) -> list[UserWithProfile]:
    """Every user who may sign in, with the profile where there is one."""
    return _of_active_users(conn)


def update_settings(conn: Connection, /, *, settings: dict[str, Any], user_id: int) -> Profile | None:
    """Replace a profile's settings."""
    return _update_settings(conn, settings=settings, user_id=user_id)


def update_avatar(conn: Connection, /, *, avatar: bytes | None, user_id: int) -> Profile | None:
    """Replace a profile's picture, or take it away."""
    return _update_avatar(conn, avatar=avatar, user_id=user_id)


def delete(conn: Connection, /, *, user_id: int) -> int:
    """Delete a user's profile; the user stays."""
    return _delete(conn, user_id=user_id)
