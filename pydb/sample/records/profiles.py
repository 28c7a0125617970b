"""The rows of sql/profiles.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class Profile:
    """What a user tells."""

    user_id: int
    bio: str | None
    avatar: bytes | None
    born_on: date | None
    digest_at: time | None
    settings: dict[str, Any]

    @classmethod
    def create(
        cls,
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
        row: Profile = records.queries.profiles.create(
            conn, user_id=user_id, bio=bio, avatar=avatar, born_on=born_on, digest_at=digest_at, settings=settings
        )
        return row

    @classmethod
    def upsert(
        cls,
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
        row: Profile = records.queries.profiles.upsert(
            conn, user_id=user_id, bio=bio, avatar=avatar, born_on=born_on, digest_at=digest_at, settings=settings
        )
        return row

    def update_settings(self, conn: Connection, /, *, settings: dict[str, Any]) -> Profile | None:
        """Replace a profile's settings."""
        row: Profile | None = records.queries.profiles.update_settings(conn, user_id=self.user_id, settings=settings)
        return row

    def update_avatar(self, conn: Connection, /, *, avatar: bytes | None) -> Profile | None:
        """Replace a profile's picture, or take it away."""
        row: Profile | None = records.queries.profiles.update_avatar(conn, user_id=self.user_id, avatar=avatar)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a user's profile; the user stays."""
        affected: int = records.queries.profiles.delete(conn, user_id=self.user_id)
        return affected > 0


@dataclass(frozen=True, slots=True)
class UserWithProfile:
    """A user beside the profile, or beside none."""

    id: int
    username: str
    born_on: date | None
    digest_at: time | None
    settings: dict[str, Any] | None
