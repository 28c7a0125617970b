"""The rows of sql/users.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from pydb.sample import records
from pydb.sample.types import Role
from pydb.types import AwareDatetime


@dataclass(frozen=True, slots=True)
class User:
    """A person who signs in, writes and reads."""

    id: int
    username: str
    email: str
    age: int | None
    rating: float | None
    balance: Decimal
    active: bool
    role: Role
    external_id: UUID | None
    created_at: AwareDatetime

    @classmethod
    def create(cls, conn: Connection, /, *, username: str, email: str) -> User:
        """Insert a user with the database's defaults; the row comes back as stored."""
        row: User = records.queries.users.create(conn, username=username, email=email)
        return row

    @classmethod
    def create_full(
        cls,
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
        row: User = records.queries.users.create_full(
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
        return row

    @classmethod
    def upsert(cls, conn: Connection, /, *, username: str, email: str) -> User:
        """Insert a user, or give the user of that name this email; the same username always keeps its id."""
        row: User = records.queries.users.upsert(conn, username=username, email=email)
        return row

    def update_email(self, conn: Connection, /, *, email: str) -> User | None:
        """Give a user another email."""
        row: User | None = records.queries.users.update_email(conn, id=self.id, email=email)
        return row

    def update_role(self, conn: Connection, /, *, role: Role) -> User | None:
        """Give a user another role."""
        row: User | None = records.queries.users.update_role(conn, id=self.id, role=role)
        return row

    def add_balance(self, conn: Connection, /, *, amount: Decimal) -> User | None:
        """Add to a user's balance; a negative amount takes.  users_balance_check refuses to take more than there is."""
        row: User | None = records.queries.users.add_balance(conn, id=self.id, amount=amount)
        return row

    def deactivate(self, conn: Connection, /) -> User | None:
        """Forbid a user to sign in; the user's posts stay."""
        row: User | None = records.queries.users.deactivate(conn, id=self.id)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a user and all that belongs to the user."""
        affected: int = records.queries.users.delete(conn, id=self.id)
        return affected > 0


@dataclass(frozen=True, slots=True)
class UserWithPost:
    """A user beside one of the posts, or beside none."""

    id: int
    username: str
    blog_post_id: int | None
    title: str | None
