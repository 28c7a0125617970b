"""Use SQLAlchemy Core: ``text()``, with ``columns()`` if the columns need types, and mapping by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, DateTime, Dialect, Integer, Numeric, String, Uuid, create_engine, text
from sqlalchemy.types import TypeDecorator, TypeEngine

from bench.contenders.base import Contender, Sets, sqlalchemy_options
from bench.domain import Account, Line, Person, statements


class Instant(TypeDecorator[datetime]):
    """SQLAlchemy's documented recipe for aware datetimes on engines without them."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        assert value is None or isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def typed_columns(engine: str) -> dict[str, Any]:
    """The types of an account's columns."""
    return {
        "id": Integer(),
        "holder": String(),
        "active": Boolean(),
        "balance": Numeric(12, 2),
        "opened_at": Instant(),
        "token": Uuid(native_uuid=engine != "sqlite") if engine != "sqlite" else UuidText(),
        "settings": JSON(),
    }


class Core(Contender):
    name = "Core text()"

    def open(self) -> None:
        self.database = create_engine(self.url, **sqlalchemy_options(self.engine))
        self.text: dict[str, Any] = {each.name: text(each.sql) for each in statements(self.engine)}
        for name in ("point_typed", "typed"):
            self.text[name] = self.text[name].columns(**typed_columns(self.engine))
        self.conn = self.database.connect()

    def close(self) -> None:
        self.conn.close()
        self.database.dispose()

    def begin(self) -> None:
        self.conn.begin()

    def rollback(self) -> None:
        self.conn.rollback()

    def point(self, ids: Sequence[int]) -> list[Person]:
        conn, sql = self.conn, self.text["point"]
        return [Person(*conn.execute(sql, {"id": id}).one()) for id in ids]

    def point_typed(self, ids: Sequence[int]) -> list[Account]:
        conn, sql = self.conn, self.text["point_typed"]
        return [Account(*conn.execute(sql, {"id": id}).one()) for id in ids]

    def insert(self, sets: Sets) -> list[Person]:
        return self._write("insert", sets)

    def upsert(self, sets: Sets) -> list[Person]:
        return self._write("upsert", sets)

    def _write(self, name: str, sets: Sets) -> list[Person]:
        conn, sql = self.conn, self.text[name]
        return [Person(*conn.execute(sql, given).one()) for given in sets]

    def plain(self, n: int) -> list[Person]:
        return [Person(*row) for row in self.conn.execute(self.text["plain"], {"n": n})]

    def typed(self, n: int) -> list[Account]:
        return [Account(*row) for row in self.conn.execute(self.text["typed"], {"n": n})]

    def join(self, n: int) -> list[Line]:
        return [Line(*row) for row in self.conn.execute(self.text["join"], {"n": n})]

    def batch(self, sets: Sets) -> None:
        self.conn.execute(self.text["batch"], sets)

    def stream(self) -> Iterator[Person]:
        result = self.conn.execution_options(yield_per=1000).execute(self.text["stream"])
        for row in result:
            yield Person(*row)


class UuidText(TypeDecorator[Any]):
    """A UUID that is stored as text with its dashes."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        from uuid import UUID

        return None if value is None else UUID(value)
