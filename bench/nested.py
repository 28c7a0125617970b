"""Measure nested rows by join, JSON, two statements, by hand and by the ORM: an engine in, results out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship, selectinload

import pydb
from bench.cases import show
from bench.contenders.base import begin_driver, driver_connection, sqlalchemy_options
from bench.measure import entry, take_turns

CASE = "nested rows, 1,000 users with 9,000 posts"
USERS, POSTS = 1_000, 9
FIRST, TARGET = "raw driver, grouped by hand", 1.15

_TABLES = """
CREATE TABLE writers (id integer NOT NULL PRIMARY KEY, name varchar(100) NOT NULL, email varchar(100) NOT NULL);
CREATE TABLE articles (id integer NOT NULL PRIMARY KEY, writer_id integer NOT NULL, title varchar(100) NOT NULL,
    body varchar(200) NOT NULL, CONSTRAINT articles_writer_fkey FOREIGN KEY (writer_id) REFERENCES writers (id));
CREATE INDEX articles_writer_id_idx ON articles (writer_id);
"""
_JOIN = """SELECT w.id, w.name, w.email, a.id AS articles__id, a.title AS articles__title, a.body AS articles__body
FROM writers AS w
LEFT OUTER JOIN articles AS a ON a.writer_id = w.id
ORDER BY w.id, a.id"""
_PAIRS = "'id', a.id, 'title', a.title, 'body', a.body"
_ARRAYS = {
    "sqlite": f"json_group_array(json_object({_PAIRS}))",
    "postgresql": f"json_agg(json_build_object({_PAIRS}) ORDER BY a.id)",
    "mariadb": f"JSON_ARRAYAGG(JSON_OBJECT({_PAIRS}) ORDER BY a.id)",
}


@dataclass(frozen=True, slots=True)
class Article:
    id: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class ArticleOf:
    id: int
    writer_id: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Name:
    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Writer:
    id: int
    name: str
    email: str
    articles: tuple[Article, ...]


class Base(DeclarativeBase):
    pass


class Writers(Base):
    __tablename__ = "writers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    articles: Mapped[list[Articles]] = relationship(order_by="Articles.id")


class Articles(Base):
    __tablename__ = "articles"
    id: Mapped[int] = mapped_column(primary_key=True)
    writer_id: Mapped[int] = mapped_column(ForeignKey("writers.id"))
    title: Mapped[str]
    body: Mapped[str]


def _statements(engine: str) -> str:
    return f"""\
-- name: joined :many Writer
-- @group articles Article
{_JOIN};

-- name: as_json :many Writer
-- @group articles Article json
SELECT w.id, w.name, w.email,
    (SELECT {_ARRAYS[engine]} FROM articles AS a WHERE a.writer_id = w.id) AS articles
FROM writers AS w
ORDER BY w.id;

-- name: names :many Name
SELECT id, name, email FROM writers ORDER BY id;

-- name: articles_of :many ArticleOf
SELECT id, writer_id, title, body FROM articles WHERE writer_id IN (:ids) ORDER BY id;
"""


def run(engine: str, url: str, quick: bool) -> dict[str, Any]:
    """Run the case on one engine; the results are as those of ``cases.run``."""
    with _filled(url), ExitStack() as stack:
        work = {**_by_hand(engine, url, stack), **_pydb(engine, url, stack), **_orm(engine, url, stack)}
        calls = {name: call for name, (call, _) in work.items()}
        around: Callable[[str, bool], None] = lambda name, before: work[name][1](before)  # noqa: E731
        _check(calls, around)
        seconds = take_turns(calls, 3 if quick else 40, USERS * POSTS, around)
    found = {CASE: entry("row", seconds, FIRST, TARGET)}
    show(engine, CASE, found[CASE])
    return found


@contextmanager
def _filled(url: str) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, pydb.Database(url) as database:
        script = Path(folder, "tables.sql")
        script.write_text(_TABLES)
        database.apply(script)
        with database.begin() as conn:
            writers = [{"id": n, "name": f"writer {n}", "email": f"writer{n}@example.com"} for n in range(1, USERS + 1)]
            conn.execute(text("INSERT INTO writers (id, name, email) VALUES (:id, :name, :email)"), writers)
            articles = [
                {"id": n, "writer_id": n % USERS + 1, "title": f"Article {n}", "body": f"What article {n} says. " * 3}
                for n in range(1, USERS * POSTS + 1)
            ]
            insert = "INSERT INTO articles (id, writer_id, title, body) VALUES (:id, :writer_id, :title, :body)"
            conn.execute(text(insert), articles)
        yield
        with database.begin() as conn:
            for table in ("articles", "writers"):
                conn.execute(text(f"DROP TABLE {table}"))


_Work = dict[str, tuple[Callable[[], Any], Callable[[bool], None]]]
"""The functions that are timed, by name, with the functions that begin and end their transactions."""


def _by_hand(engine: str, url: str, stack: ExitStack) -> _Work:
    connection = driver_connection(engine, url)
    stack.callback(connection.close)

    def grouped() -> list[Writer]:
        cursor = connection.cursor()
        cursor.execute(_JOIN)
        writers: dict[int, tuple[str, str, list[Article]]] = {}
        for id, name, email, article, title, body in cursor:
            found = writers.get(id)
            if found is None:
                found = writers[id] = (name, email, [])
            if article is not None:
                found[2].append(Article(article, title, body))
        cursor.close()
        return [Writer(id, name, email, tuple(articles)) for id, (name, email, articles) in writers.items()]

    def around(before: bool) -> None:
        begin_driver(engine, connection) if before else connection.rollback()

    return {FIRST: (grouped, around)}


def _pydb(engine: str, url: str, stack: ExitStack) -> _Work:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    (folder / "w.sql").write_text(_statements(engine))
    queries = pydb.load(folder, records=[Writer, Article, ArticleOf, Name]).w
    conn = stack.enter_context(stack.enter_context(pydb.Database(url)).connect())

    def two() -> list[Writer]:
        names = queries.names(conn)
        articles: dict[int, list[Article]] = {each.id: [] for each in names}
        for each in queries.articles_of(conn, ids=list(articles)):
            articles[each.writer_id].append(Article(each.id, each.title, each.body))
        return [Writer(each.id, each.name, each.email, tuple(articles[each.id])) for each in names]

    def around(before: bool) -> None:
        conn.begin() if before else conn.rollback()

    return {
        "pydb, join": (lambda: queries.joined(conn), around),
        "pydb, JSON": (lambda: queries.as_json(conn), around),
        "pydb, two statements": (two, around),
    }


def _orm(engine: str, url: str, stack: ExitStack) -> _Work:
    database = create_engine(url, **sqlalchemy_options(engine))
    stack.callback(database.dispose)
    session = stack.enter_context(Session(database))

    def around(before: bool) -> None:
        session.expunge_all()
        session.begin() if before else session.rollback()

    def loaded(loader: Any) -> Callable[[], Any]:
        query = select(Writers).options(loader(Writers.articles)).order_by(Writers.id)
        return lambda: session.scalars(query).unique().all()

    return {
        "ORM, selectinload": (loaded(selectinload), around),
        "ORM, joinedload": (loaded(joinedload), around),
    }


def _check(calls: dict[str, Callable[[], Any]], around: Callable[[str, bool], None]) -> None:
    """Raise AssertionError if a function returns other data than the first one."""
    seen = {}
    for name, call in calls.items():
        around(name, True)
        seen[name] = [_plain(each) for each in call()]
        around(name, False)
    assert len(seen[FIRST]) == USERS
    for name, found in seen.items():
        assert found == seen[FIRST], f"{CASE}: {name} returned other data"


def _plain(writer: Any) -> tuple[Any, ...]:
    # The articles in SQLite's JSON have no defined order.
    articles = sorted((each.id, each.title, each.body) for each in writer.articles)
    return writer.id, writer.name, writer.email, articles
