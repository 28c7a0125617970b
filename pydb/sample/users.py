"""The statements of sql/users.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from pydb.sample.records import User, UserWithPost, queries
from pydb.sample.types import Role

_create: Callable[..., User] = queries["users.create"]
_create_full: Callable[..., User] = queries["users.create_full"]
_upsert: Callable[..., User] = queries["users.upsert"]
_insert_many: Callable[..., int] = queries["users.insert_many"]
_by_id: Callable[..., User | None] = queries["users.by_id"]
_by_username: Callable[..., User | None] = queries["users.by_username"]
_by_email: Callable[..., User | None] = queries["users.by_email"]
_by_external_id: Callable[..., User | None] = queries["users.by_external_id"]
_by_ids: Callable[..., list[User]] = queries["users.by_ids"]
_list_all: Callable[..., list[User]] = queries["users.list_all"]
_first: Callable[..., User | None] = queries["users.first"]
_last: Callable[..., User | None] = queries["users.last"]
_page_after: Callable[..., list[User]] = queries["users.page_after"]
_stream_all: Callable[..., Iterator[User]] = queries["users.stream_all"]
_count_all: Callable[..., int] = queries["users.count_all"]
_count_active: Callable[..., int] = queries["users.count_active"]
_with_posts: Callable[..., list[UserWithPost]] = queries["users.with_posts"]
_all_with_posts: Callable[..., list[UserWithPost]] = queries["users.all_with_posts"]
_recipients_of: Callable[..., list[User]] = queries["users.recipients_of"]
_update_email: Callable[..., User | None] = queries["users.update_email"]
_update_role: Callable[..., User | None] = queries["users.update_role"]
_add_balance: Callable[..., User | None] = queries["users.add_balance"]
_deactivate: Callable[..., User | None] = queries["users.deactivate"]
_deactivate_by_email_domain: Callable[..., int] = queries["users.deactivate_by_email_domain"]
_delete: Callable[..., int] = queries["users.delete"]


def create(conn: Connection, /, *, username: str, email: str) -> User:
    """Insert a user with the database's defaults; the row comes back as stored."""
    return _create(conn, username=username, email=email)


def create_full(
    conn: Connection,
    /,
    *,
    username: str,
    email: str,
    age: int | None,
    rating: float | None,
    balance: Decimal,
    active: bool,
    role: Role,
    external_id: UUID | None,
) -> User:
    """Insert a user with every column given."""
    return _create_full(
        conn,
        username=username,
        email=email,
        age=age,
        rating=rating,
        balance=balance,
        active=active,
        role=role,
        external_id=external_id,
    )


def upsert(conn: Connection, /, *, username: str, email: str) -> User:
    """Insert a user, or give the user of that name this email; the same username always keeps its id."""
    return _upsert(conn, username=username, email=email)


def insert_many(conn: Connection, sets: Iterable[Mapping[str, Any]], /) -> int:
    """Insert many users in few round trips; how many is returned."""
    return _insert_many(conn, sets)


def by_id(conn: Connection, /, *, id: int) -> User | None:
    """One user by key."""
    return _by_id(conn, id=id)


def by_username(conn: Connection, /, *, username: str) -> User | None:
    """One user by its unique name, compared letter by letter."""
    return _by_username(conn, username=username)


def by_email(conn: Connection, /, *, email: str) -> User | None:
    """One user by its unique email, compared letter by letter."""
    return _by_email(conn, email=email)


def by_external_id(conn: Connection, /, *, external_id: UUID) -> User | None:
    """One user by the key that the identity provider gave."""
    return _by_external_id(conn, external_id=external_id)


def by_ids(conn: Connection, /, *, ids: Collection[int]) -> list[User]:
    """The users with these keys; a key without a user is left out."""
    return _by_ids(conn, ids=ids)


def list_all(conn: Connection, /) -> list[User]:
    """Every user, the oldest first."""
    return _list_all(conn)


def first(conn: Connection, /) -> User | None:
    """The user with the lowest key."""
    return _first(conn)


def last(conn: Connection, /) -> User | None:
    """The user with the highest key."""
    return _last(conn)


def page_after(conn: Connection, /, *, after: int, limit: int) -> list[User]:
    """The next page of users after a key; 0 begins."""
    return _page_after(conn, after=after, limit=limit)


def stream_all(conn: Connection, /) -> Iterator[User]:
    """Every user in key order, read in bounded memory."""
    return _stream_all(conn)


def count_all(conn: Connection, /) -> int:
    """How many users there are."""
    return _count_all(conn)


def count_active(conn: Connection, /) -> int:
    """How many users may sign in."""
    return _count_active(conn)


def with_posts(conn: Connection, /, *, id: int) -> list[UserWithPost]:
    """One user with its posts: a row for each post, or one row without a post."""
    return _with_posts(conn, id=id)


def all_with_posts(conn: Connection, /) -> list[UserWithPost]:
    """Every user with its posts; a user who wrote none has one row without a post."""
    return _all_with_posts(conn)


def recipients_of(conn: Connection, /, *, message_id: int) -> list[User]:
    """The users to whom a message was delivered."""
    return _recipients_of(conn, message_id=message_id)


def update_email(conn: Connection, /, *, email: str, id: int) -> User | None:
    """Give a user another email."""
    return _update_email(conn, email=email, id=id)


def update_role(conn: Connection, /, *, role: Role, id: int) -> User | None:
    """Give a user another role."""
    return _update_role(conn, role=role, id=id)


def add_balance(conn: Connection, /, *, amount: Decimal, id: int) -> User | None:
    """Add to a user's balance; a negative amount takes.  users_balance_check refuses to take more than there is."""
    return _add_balance(conn, amount=amount, id=id)


def deactivate(conn: Connection, /, *, id: int) -> User | None:
    """Forbid a user to sign in; the user's posts stay."""
    return _deactivate(conn, id=id)


def deactivate_by_email_domain(conn: Connection, /, *, domain: str) -> int:
    """Forbid every user of an email domain to sign in; how many could until now is returned."""
    return _deactivate_by_email_domain(conn, domain=domain)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a user and all that belongs to the user."""
    return _delete(conn, id=id)
