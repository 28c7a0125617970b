"""Use the SQLAlchemy ORM: mapped classes, a Session, select()."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Numeric, Uuid, create_engine, insert, select
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bench.contenders.base import Contender, Sets, sqlalchemy_options
from bench.contenders.core import Instant, UuidText
from bench.domain import Line


class Base(DeclarativeBase):
    pass


class People(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    email: Mapped[str]
    full_name: Mapped[str]
    city: Mapped[str]
    age: Mapped[int]
    score: Mapped[float]


class Accounts(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str]
    active: Mapped[bool]
    balance: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    opened_at: Mapped[Any] = mapped_column(Instant())
    token: Mapped[UUID] = mapped_column(Uuid().with_variant(UuidText(), "sqlite"))
    settings: Mapped[Any] = mapped_column(JSON)


class Posts(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str]


class Comments(Base):
    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    body: Mapped[str]


class Copies(Base):
    __tablename__ = "copies"
    n: Mapped[int] = mapped_column(primary_key=True)


class Orm(Contender):
    name = "ORM"

    def open(self) -> None:
        self.database = create_engine(self.url, **sqlalchemy_options(self.engine))
        self.session = Session(self.database)

    def close(self) -> None:
        self.session.close()
        self.database.dispose()

    def begin(self) -> None:
        # The session keeps nothing from the last transaction, so every call reads its row.
        self.session.expunge_all()
        self.session.begin()

    def rollback(self) -> None:
        self.session.rollback()

    def point(self, ids: Sequence[int]) -> list[Any]:
        session = self.session
        return [session.get_one(People, id) for id in ids]

    def point_typed(self, ids: Sequence[int]) -> list[Any]:
        session = self.session
        return [session.get_one(Accounts, id) for id in ids]

    def insert(self, sets: Sets) -> list[Any]:
        people = []
        for given in sets:
            each = People(**given)
            self.session.add(each)
            self.session.flush()
            people.append(each)
        return people

    def upsert(self, sets: Sets) -> list[Any]:
        return [self.session.scalars(self._upsert(given)).one() for given in sets]

    def _upsert(self, given: dict[str, Any]) -> Any:
        if self.engine == "mariadb":
            made = mysql.insert(People).values(**given)
            return made.on_duplicate_key_update(email=made.inserted.email, score=made.inserted.score).returning(People)
        dialect: Any = postgresql if self.engine == "postgresql" else sqlite
        made = dialect.insert(People).values(**given)
        changes = {"email": made.excluded.email, "score": made.excluded.score}
        return made.on_conflict_do_update(index_elements=["username"], set_=changes).returning(People)

    def plain(self, n: int) -> list[Any]:
        return list(self.session.scalars(select(People).order_by(People.id).limit(n)))

    def typed(self, n: int) -> list[Any]:
        return list(self.session.scalars(select(Accounts).order_by(Accounts.id).limit(n)))

    def join(self, n: int) -> list[Line]:
        chosen = select(Comments.id, Comments.body, Posts.title, People.username)
        joined = chosen.join(Posts, Comments.post_id == Posts.id).join(People, Posts.author_id == People.id)
        return [Line(*row) for row in self.session.execute(joined.order_by(Comments.id).limit(n))]

    def batch(self, sets: Sets) -> None:
        self.session.execute(insert(People), sets)

    def batch_keys(self, sets: Sets) -> list[int]:
        return list(self.session.scalars(insert(People).returning(People.id, sort_by_parameter_order=True), sets))

    def stream(self) -> Iterator[Any]:
        crossed = select(People).join(Copies, Copies.n > 0)
        yield from self.session.scalars(crossed.execution_options(yield_per=1000))
