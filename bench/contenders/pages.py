"""A list page for which each call chooses filters, order and keyset, as the users of each contender write it.

``PAGES`` are the calls.  Each contender finds the same people.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import aiosql
from sqlalchemy import Column, Float, Integer, MetaData, String, Table, select
from sqlalchemy.engine import make_url
from sqlspec import sql

import pydb
from bench.contenders.aiosql_ import DRIVERS, Aiosql
from bench.contenders.base import Session
from bench.contenders.core import Core
from bench.contenders.pydb_ import Pydb
from bench.contenders.raw import Raw
from bench.contenders.sqlspec_ import Sqlspec
from bench.domain import PERSON, Person

LIMIT = 20


@dataclass(frozen=True)
class Asked:
    """The arguments of one call; None for a filter that is not used."""

    city: str | None = None
    ages: tuple[int, ...] | None = None
    least: float | None = None
    like: str | None = None
    after: int | None = None
    oldest: bool = False


PAGES = (
    Asked(),
    Asked(city="Porto"),
    Asked(ages=(20, 30, 40, 50)),
    Asked(like="%7", oldest=True),
    Asked(after=50_000),
    Asked(city="Ghent", after=50_000, oldest=True),
    Asked(least=100.0, like="%3", after=90_000),
    Asked(city="Turin", oldest=True),
)


class Page(Session):
    """A contender in this case."""

    @abstractmethod
    def page(self, asked: Asked) -> list[Person]:
        """Read the first people that match the filters, in the order of the call."""

    def pages(self) -> list[list[Person]]:
        """Make all calls, one after the other."""
        return [self.page(asked) for asked in PAGES]


class RawPage(Raw, Page):
    """SQL text that is concatenated by hand."""

    def page(self, asked: Asked) -> list[Person]:
        mark = "?" if self.engine == "sqlite" else "%s"
        conditions: list[str] = []
        values: list[object] = []
        if asked.city is not None:
            conditions.append(f"city = {mark}")
            values.append(asked.city)
        if asked.ages is not None:
            conditions.append(f"age IN ({', '.join([mark] * len(asked.ages))})")
            values.extend(asked.ages)
        if asked.least is not None:
            conditions.append(f"score >= {mark}")
            values.append(asked.least)
        if asked.like is not None:
            conditions.append(f"username LIKE {mark}")
            values.append(asked.like)
        if asked.after is not None:
            conditions.append(f"id {'>' if asked.oldest else '<'} {mark}")
            values.append(asked.after)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        text = f"SELECT {PERSON} FROM people{where} ORDER BY id{'' if asked.oldest else ' DESC'} LIMIT {mark}"
        cursor = self.connection.cursor()
        cursor.execute(text, (*values, LIMIT))
        return [Person(*row) for row in cursor]


_PYDB = f"""\
-- name: page :many Person
SELECT {PERSON}
FROM people
WHERE
    TRUE
    AND city = :city -- if :city
    AND age IN (:ages) -- if :ages
    AND score >= :least -- if :least
    AND username LIKE :like -- if :like
    AND id < :after -- if :after and :order = newest
    AND id > :after -- if :after and :order = oldest
ORDER BY
    id DESC -- if :order = newest
    -- id -- if :order = oldest
LIMIT :n;
"""


class PydbPage(Pydb, Page):
    """pydb with optional lines."""

    def open(self) -> None:
        super().open()
        (self.folder / "pages.sql").write_text(_PYDB)
        self.found = pydb.load(self.folder / "pages.sql", records=[Person])["pages.page"]

    def page(self, asked: Asked) -> list[Person]:
        order = "oldest" if asked.oldest else "newest"
        found: list[Person] = self.found(
            self.conn,
            city=asked.city,
            ages=asked.ages,
            least=asked.least,
            like=asked.like,
            after=asked.after,
            order=order,
            n=LIMIT,
        )
        return found


class AiosqlBuilt(Aiosql, Page):
    """SQL text that is concatenated, and parsed by aiosql at the first use."""

    name = "aiosql, string building"

    def open(self) -> None:
        super().open()
        self.built: dict[str, Any] = {}

    def page(self, asked: Asked) -> list[Person]:
        conditions: list[str] = []
        values: dict[str, Any] = {"n": LIMIT}
        if asked.city is not None:
            conditions.append("city = :city")
            values["city"] = asked.city
        if asked.ages is not None:
            given = {f"age_{number}": age for number, age in enumerate(asked.ages)}
            conditions.append(f"age IN ({', '.join(f':{name}' for name in given)})")
            values |= given
        if asked.least is not None:
            conditions.append("score >= :least")
            values["least"] = asked.least
        if asked.like is not None:
            conditions.append("username LIKE :like")
            values["like"] = asked.like
        if asked.after is not None:
            conditions.append(f"id {'>' if asked.oldest else '<'} :after")
            values["after"] = asked.after
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        text = f"SELECT {PERSON} FROM people{where} ORDER BY id{'' if asked.oldest else ' DESC'} LIMIT :n"
        if text not in self.built:
            self.built[text] = self._read(text, values).page
        return [Person(*row) for row in self.built[text](self.connection, **values)]

    def _read(self, text: str, names: Iterable[str]) -> Any:
        return aiosql.from_str(f"-- name: page({', '.join(names)})\n{text};\n", DRIVERS[self.engine])


_LISTS = {
    "sqlite": "age IN (SELECT value FROM json_each(:ages))",
    "postgresql": "age = ANY(:ages)",
    "mariadb": "FIND_IN_SET(age, :ages)",
}
_TYPES = {"city": "text", "ages": "integer[]", "least": "float8", "like": "text", "after": "integer"}


class AiosqlEither(Aiosql, Page):
    """One SQL text for each order, with ``(:x IS NULL OR …)`` for each filter."""

    name = "aiosql, IS NULL OR"

    def open(self) -> None:
        super().open()
        texts = {"newest": self._text("<", " DESC"), "oldest": self._text(">", "")}
        names = ", ".join([*_TYPES, "n"])
        text = "\n".join(f"-- name: {name}({names})\n{text};\n" for name, text in texts.items())
        self.either = aiosql.from_str(text, DRIVERS[self.engine])

    def _text(self, compared: str, direction: str) -> str:
        conditions = {
            "city": "city = :city",
            "ages": _LISTS[self.engine],
            "least": "score >= :least",
            "like": "username LIKE :like",
            "after": f"id {compared} :after",
        }
        # PostgreSQL needs the type of a parameter that is only compared with NULL.
        null = "CAST(:{0} AS {1}) IS NULL" if self.engine == "postgresql" else ":{0} IS NULL"
        where = " AND ".join(f"({null.format(name, _TYPES[name])} OR {each})" for name, each in conditions.items())
        return f"SELECT {PERSON} FROM people WHERE {where} ORDER BY id{direction} LIMIT :n"

    def _list(self, ages: Sequence[int] | None) -> Any:
        if ages is None or self.engine == "postgresql":
            return None if ages is None else list(ages)
        joined = ",".join(map(str, ages))
        return f"[{joined}]" if self.engine == "sqlite" else joined

    def page(self, asked: Asked) -> list[Person]:
        find = self.either.oldest if asked.oldest else self.either.newest
        rows = find(
            self.connection,
            city=asked.city,
            ages=self._list(asked.ages),
            least=asked.least,
            like=asked.like,
            after=asked.after,
            n=LIMIT,
        )
        return [Person(*row) for row in rows]


_PEOPLE = Table(
    "people",
    MetaData(),
    Column("id", Integer, primary_key=True),
    *(Column(name, String) for name in ("username", "email", "full_name", "city")),
    Column("age", Integer),
    Column("score", Float),
)


class CoreSelect(Core, Page):
    """``select()``, with a ``where()`` for each filter."""

    name = "Core select()"

    def page(self, asked: Asked) -> list[Person]:
        people = _PEOPLE.c
        chosen = select(_PEOPLE)
        if asked.city is not None:
            chosen = chosen.where(people.city == asked.city)
        if asked.ages is not None:
            chosen = chosen.where(people.age.in_(asked.ages))
        if asked.least is not None:
            chosen = chosen.where(people.score >= asked.least)
        if asked.like is not None:
            chosen = chosen.where(people.username.like(asked.like))
        if asked.after is not None:
            chosen = chosen.where(people.id > asked.after if asked.oldest else people.id < asked.after)
        chosen = chosen.order_by(people.id if asked.oldest else people.id.desc()).limit(LIMIT)
        return [Person(*row) for row in self.conn.execute(chosen)]


class SqlspecBuilder(Sqlspec, Page):
    """SQLSpec's builder, with a method for each filter."""

    name = "SQLSpec, builder"

    def page(self, asked: Asked) -> list[Person]:
        chosen = sql.select(*PERSON.split(", ")).from_("people")
        if asked.city is not None:
            chosen = chosen.where_eq("city", asked.city)
        if asked.ages is not None:
            chosen = chosen.where_in("age", list(asked.ages))
        if asked.least is not None:
            chosen = chosen.where_gte("score", asked.least)
        if asked.like is not None:
            chosen = chosen.where_like("username", asked.like)
        if asked.after is not None:
            chosen = chosen.where_gt("id", asked.after) if asked.oldest else chosen.where_lt("id", asked.after)
        chosen = chosen.order_by("id" if asked.oldest else "id DESC").limit(LIMIT)
        return self.session.select(chosen, schema_type=Person)  # type: ignore[no-any-return]


_SQLAKIT = f"""\
SELECT {PERSON}
FROM people
WHERE
    tpl.if_set(:city, city = :city)
    AND tpl.if_set(:ages, age IN (:ages))
    AND tpl.if_set(:least, score >= :least)
    AND tpl.if_set(:like, username LIKE :like)
    AND tpl.if_set(:after, tpl.if_set(:oldest, id > :after, id < :after))
ORDER BY tpl.if_set(:oldest, id, id DESC)
LIMIT :n
"""


class Sqlakit(Page):
    """A template with ``tpl.if_set``."""

    name = "SQLAKit, if_set"

    def open(self) -> None:
        from sqlakit import Database

        (self.folder / "page.sql").write_text(_SQLAKIT)
        self.database = Database(make_url(self.url), templates=self.folder)

    def close(self) -> None:
        self.database.dispose(close=True)

    def begin(self) -> None:
        self.transaction = self.database.transaction(rollback=True)
        self.transaction.__enter__()

    def rollback(self) -> None:
        self.transaction.__exit__(None, None, None)

    def page(self, asked: Asked) -> list[Person]:
        found = self.database.sql(
            "page.sql",
            city=asked.city,
            ages=asked.ages,
            least=asked.least,
            like=asked.like,
            after=asked.after,
            oldest=asked.oldest,
            n=LIMIT,
        )
        rows: Sequence[Any] = found.all()
        return [Person(*row) for row in rows]


def pages() -> Sequence[type[Page]]:
    """All contenders; the others are compared with the first."""
    return (RawPage, PydbPage, AiosqlBuilt, AiosqlEither, CoreSelect, SqlspecBuilder, Sqlakit)
