"""The rows of sql/reports/authors.sql as records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuthorRank:
    """How many posts a user wrote, and the rank by it."""

    id: int
    username: str
    posts: int
    place: int


@dataclass(frozen=True, slots=True)
class AuthorSilence:
    """A user's last post and how many posts came after it."""

    id: int
    username: str
    last_title: str
    posts_after: int
