"""The types of the generated sample: checked by mypy and pyright, never run.

A line that ends in ``type: ignore`` is a mistake that both must find; an ignore without a mistake is an error too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any, assert_type
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

import pydb
from pydb.sample import (
    ChildOfParent,
    Enrollment,
    Message,
    ParentKind,
    PostAuthor,
    PostTitle,
    PostWithComments,
    Product,
    Profile,
    Role,
    StockMonth,
    Tag,
    User,
    UserWithPosts,
    UserWithProfile,
    activities,
    children,
    enrollments,
    messages,
    products,
    profiles,
    reports,
    users,
)
from pydb.sample.products import InsertManySet


def fields(user: User, profile: Profile, product: Product) -> None:
    """A field has the type of its column, and may be None only if the column may be NULL."""
    assert_type(user.id, int)
    assert_type(user.username, str)
    assert_type(user.age, int | None)
    assert_type(user.rating, float | None)
    assert_type(user.balance, Decimal)
    assert_type(user.active, bool)
    assert_type(user.role, Role)
    assert_type(user.external_id, UUID | None)
    assert_type(user.created_at, pydb.AwareDatetime)
    assert_type(profile.avatar, bytes | None)
    assert_type(profile.born_on, date | None)
    assert_type(profile.digest_at, time | None)
    assert_type(profile.settings, dict[str, Any])
    assert_type(product.stock, int)


def rows(conn: Connection) -> None:
    """Each row word has its return type."""
    assert_type(users.create(conn, username="Moshe", email="moshe@example.com"), User)
    assert_type(users.by_id(conn, id=1), User | None)
    assert_type(users.list_all(conn), list[User])
    assert_type(users.stream_all(conn), Iterator[User])
    assert_type(users.count_all(conn), int)
    assert_type(products.stock_value(conn), Decimal)
    assert_type(users.deactivate_by_email_domain(conn, domain="example.com"), int)
    assert_type(users.with_posts(conn, id=1), UserWithPosts | None)
    assert_type(reports.stock.by_month(conn), list[StockMonth])
    assert_type(children.of_parent(conn, parent_id=1), list[ChildOfParent])


def outer_joins(nested: UserWithPosts, post: PostWithComments, beside: UserWithProfile, child: ChildOfParent) -> None:
    """The optional side of an outer join may be None; an Enum is kept through a join."""
    assert_type(nested.posts, tuple[PostTitle, ...])
    assert_type(nested.posts[0].title, str)
    assert_type(post.author, PostAuthor)
    assert_type(post.tags, tuple[Tag, ...])
    assert_type(beside.settings, dict[str, Any] | None)
    assert_type(child.kind, ParentKind)


def factories_and_methods(conn: Connection, user: User, enrollment: Enrollment) -> None:
    """A factory returns the record; a method returns a new record, or whether there was a row."""
    assert_type(User.create(conn, username="Moshe", email="moshe@example.com"), User)
    assert_type(User.upsert(conn, username="Moshe", email="moshe@example.com"), User)
    assert_type(Tag.get_or_create(conn, name="python"), Tag)
    assert_type(user.update_email(conn, email="m@example.com"), User | None)
    assert_type(user.update_role(conn, role=Role.ADMIN), User | None)
    assert_type(user.delete(conn), bool)
    assert_type(enrollment.finish(conn, end_date=date(2024, 1, 1)), Enrollment | None)


def parameters(conn: Connection) -> None:
    """Lists accept any collection, and batches an iterable of one TypedDict."""
    users.by_ids(conn, ids=[1, 2])
    users.by_ids(conn, ids={1, 2})
    users.by_ids(conn, ids=range(3))
    products.bulk_set_price(conn, price=Decimal("1.50"), skus=("SKU123",))
    many: list[InsertManySet] = [{"sku": "A", "name": "Nut", "price": Decimal("0.10"), "stock": 1}]
    assert_type(products.insert_many(conn, many), int)
    assert_type(
        products.create_many(conn, ({"sku": s, "name": s, "price": Decimal(1), "stock": 1} for s in "ab")),
        list[Product],
    )
    profiles.update_avatar(conn, user_id=1, avatar=None)


def mistakes(conn: Connection, user: User) -> None:
    """Calls that a type checker refuses."""
    users.by_id(conn, id="1")  # type: ignore[arg-type]
    users.by_id(conn)  # type: ignore[call-arg]
    users.by_id(conn, key=1)  # type: ignore[call-arg]
    users.by_id(conn, 1)  # type: ignore[call-arg]
    users.by_ids(conn, ids=1)  # type: ignore[arg-type]
    users.update_role(conn, id=1, role="admin")  # type: ignore[arg-type]
    users.update_email(conn, id=1, email=None)  # type: ignore[arg-type]
    enrollments.finish(conn, student_id=1, activity_id=1, end_date=None)  # type: ignore[arg-type]
    products.insert_many(conn, [{"sku": "A"}])  # type: ignore[typeddict-item]
    activities.nothing(conn)  # type: ignore[attr-defined]
    user.id = 2  # type: ignore[misc]
    print(users.by_id(conn, id=1).username)  # type: ignore[union-attr]


def database(db: pydb.Database) -> None:
    """A block returns a Core connection, and `run` returns what its work returns."""
    with db.begin() as conn:
        assert_type(conn, Connection)
    with db.read() as conn:
        assert_type(conn, Connection)
    assert_type(db.run(lambda conn: users.by_id(conn, id=1)), User | None)


async def asynchronous(conn: AsyncConnection, user: User) -> None:
    """`run_sync` keeps the parameters and the results of functions, factories and methods."""
    assert_type(await conn.run_sync(users.by_id, id=1), User | None)
    assert_type(await conn.run_sync(User.create, username="Moshe", email="moshe@example.com"), User)
    assert_type(await conn.run_sync(user.update_email, email="m@example.com"), User | None)
    assert_type(await conn.run_sync(messages.list_all), list[Message])
    await conn.run_sync(users.by_id, id="1")  # type: ignore[arg-type]
    await conn.run_sync(users.by_id, key=1)  # type: ignore[call-arg]


def optional_lines(conn: Connection, user: User) -> None:
    """Optional parameters have defaults; a choice accepts only its words, and None only if the column allows NULL."""
    assert_type(users.page(conn, limit=10), list[User])
    assert_type(users.page(conn, limit=10, active=None, roles=[Role.USER], order="oldest"), list[User])
    assert_type(user.patch(conn, age=None, email=pydb.ABSENT), User | None)
    users.page(conn, limit=10, order="other")  # type: ignore[arg-type]
    user.patch(conn, email=None)  # type: ignore[arg-type]
    products.search(conn)  # type: ignore[call-arg]


def migrations(db: pydb.Database) -> None:
    """`migrate` returns the names of the applied migrations."""
    assert_type(pydb.migrate(db), list[str])
    assert_type(pydb.migrate(db, "migrations", to=3, wait=60), list[str])
    pydb.migrate(db, "migrations", 3)  # type: ignore[call-arg]
