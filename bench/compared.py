"""Make the same mistakes with pydb and with other libraries, on SQLite: ``python -m bench.compared [--write]``.

Each library gets the same table and the same statement in its own format, and is used as its documentation says.  The
result, or the class of the error, is a cell of a Markdown table.  ``--write`` writes the table into docs/compared.md.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiosql
import sqlakit
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlspec import SQLSpec
from sqlspec.adapters.sqlite import SqliteConfig

import pydb

PAGE = Path(__file__).parent.parent / "docs" / "compared.md"
BEGIN, END = "<!-- written by python -m bench.compared --write -->\n", "<!-- end -->\n"

SCHEMA = """
CREATE TABLE items (id integer NOT NULL PRIMARY KEY, name text NOT NULL UNIQUE, amount integer NOT NULL);
INSERT INTO items VALUES (1, 'hammer', 3), (2, 'nail', 'many');
"""
SECRET = "s3cret"

QUESTIONS = {
    "two": "The statement returns two rows, and the call asks for one row",
    "type": "A column that is an `int` in the record contains a text",
    "unknown": "The call passes a name that the statement does not have",
    "missing": "The call does not pass a parameter",
    "literal": "The SQL contains the string literal `':name'`, and `:name` is also a parameter",
    "list": "`IN (:ids)` gets `[1, 2]`",
    "empty": "`NOT IN (:ids)` gets `[]`",
    "secret": "Does the text of a UNIQUE violation contain the value?",
    "doomed": "A statement fails in a transaction, and the program catches the error and continues",
}
STATEMENTS = {
    "two": "SELECT id, name, amount FROM items ORDER BY id",
    "type": "SELECT id, name, amount FROM items ORDER BY id",
    "unknown": "SELECT id, name, amount FROM items WHERE id = :id",
    "missing": "SELECT id, name, amount FROM items WHERE id = :id",
    "literal": "SELECT id, name, amount FROM items WHERE name = :name AND name <> ':name'",
    "list": "SELECT count(*) AS n FROM items WHERE id IN (:ids)",
    "empty": "SELECT count(*) AS n FROM items WHERE id NOT IN (:ids)",
    "secret": "INSERT INTO items (id, name, amount) VALUES (:id, :name, 1)",
}


@dataclass(frozen=True)
class Item:
    id: int
    name: str
    amount: int


class Base(DeclarativeBase):
    pass


class MappedItem(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    amount: Mapped[int]


Answers = Mapping[str, Callable[[], Any]]
"""The call of a library for each question, which returns or raises."""


@contextmanager
def _pydb(folder: Path) -> Iterator[Answers]:
    rows = {"two": ":one Item", "type": ":many Item", "unknown": ":maybe Item", "missing": ":maybe Item"}
    rows |= {"literal": ":maybe Item", "list": ":one scalar", "empty": ":one scalar", "secret": ":exec"}

    def loaded(name: str) -> pydb.Queries:
        file = folder / f"{name}_.sql"
        file.write_text(f"-- name: it {rows[name]}\n{STATEMENTS[name]};\n", encoding="utf-8")
        return pydb.load(file, records=[Item])

    with pydb.Database(f"sqlite:///{folder / 'items.db'}") as db:

        def call(name: str, /, **parameters: Any) -> Callable[[], Any]:
            def it() -> Any:
                queries = loaded(name)
                with db.begin() as conn:
                    return queries[f"{name}_.it"](conn, **parameters)

            return it

        def doomed() -> None:
            insert = loaded("secret")["secret_.it"]
            with db.begin() as conn:
                insert(conn, id=10, name="saw")
                with suppress(pydb.errors.UniqueViolation):
                    insert(conn, id=11, name="saw")

        yield _answers(call, doomed)


@contextmanager
def _aiosql(folder: Path) -> Iterator[Answers]:
    kinds = {"two": "^", "unknown": "^", "missing": "^", "literal": "^", "list": "$", "empty": "$", "secret": "!"}
    conn = sqlite3.connect(folder / "items.db")

    def call(name: str, /, **parameters: Any) -> Callable[[], Any]:
        record = "" if name in ("list", "empty", "secret") else "-- record_class: Item\n"
        sql = f"-- name: it{kinds.get(name, '')}\n{record}{STATEMENTS[name]};\n"

        def it() -> Any:
            queries = aiosql.from_str(sql, "sqlite3", record_classes={"Item": Item}, mandatory_parameters=False)
            result = queries.it(conn, **parameters)
            return list(result) if name == "type" else result

        return it

    def doomed() -> None:
        insert = call("secret", id=10, name="saw")
        with conn:
            insert()
            with suppress(sqlite3.IntegrityError):
                call("secret", id=11, name="saw")()

    yield _answers(call, doomed)
    conn.close()


@contextmanager
def _sqlakit(folder: Path) -> Iterator[Answers]:
    templates = folder / "templates"
    templates.mkdir()
    for name, sql in STATEMENTS.items():
        (templates / f"{name}.sql").write_text(sql, encoding="utf-8")
    db = sqlakit.Database(f"sqlite:///{folder / 'items.db'}", templates=templates)

    def call(name: str, /, **parameters: Any) -> Callable[[], Any]:
        def it() -> Any:
            with db.transaction():
                made = db.sql(f"{name}.sql", **parameters)
                if name == "secret":
                    return made.execute()
                if name in ("list", "empty"):
                    return made.scalars().one()
                typed = made.typed(Item)
                return typed.all() if name == "type" else typed.one() if name == "two" else typed.one_or_none()

        return it

    def doomed() -> None:
        with db.transaction():
            db.sql("secret.sql", id=10, name="saw").execute()
            try:
                db.sql("secret.sql", id=11, name="saw").execute()
            except Exception as error:
                _expected(error)

    yield _answers(call, doomed)


@contextmanager
def _sqlspec(folder: Path) -> Iterator[Answers]:
    file = folder / "sqlspec.sql"
    file.write_text("".join(f"-- name: {name}\n{sql};\n\n" for name, sql in STATEMENTS.items()), encoding="utf-8")
    spec = SQLSpec()
    config = spec.add_config(SqliteConfig(connection_config={"database": str(folder / "items.db")}))
    spec.load_sql_files(str(file))

    def call(name: str, /, **parameters: Any) -> Callable[[], Any]:
        def it() -> Any:
            with spec.provide_session(config) as session:
                statement = spec.get_sql(name)
                if name == "secret":
                    return session.execute(statement, parameters)
                if name in ("list", "empty"):
                    return session.select_value(statement, parameters)
                if name == "type":
                    return session.select(statement, parameters, schema_type=Item)
                select_it = session.select_one if name == "two" else session.select_one_or_none
                return select_it(statement, parameters, schema_type=Item)

        return it

    def doomed() -> None:
        with spec.provide_session(config) as session:
            session.begin()
            session.execute(spec.get_sql("secret"), {"id": 10, "name": "saw"})
            try:
                session.execute(spec.get_sql("secret"), {"id": 11, "name": "saw"})
            except Exception as error:
                _expected(error)
            session.commit()

    yield _answers(call, doomed)


@contextmanager
def _orm(folder: Path) -> Iterator[Answers]:
    engine = create_engine(f"sqlite:///{folder / 'items.db'}")

    def call(name: str, /, **parameters: Any) -> Callable[[], Any]:
        def it() -> Any:
            with Session(engine) as session, session.begin():
                if name in ("two", "type"):
                    found = session.scalars(select(MappedItem).order_by(MappedItem.id))
                    return [(i.id, i.name, i.amount) for i in (found.all() if name == "type" else [found.one()])]
                if name in ("list", "empty"):
                    ids = MappedItem.id
                    return len(
                        session.scalars(select(ids).where(ids.in_([1, 2]) if name == "list" else ids.not_in([]))).all()
                    )
                if name == "secret":
                    session.add(MappedItem(amount=1, **parameters))
                    return session.flush()
                return session.execute(text(STATEMENTS[name]), parameters).one_or_none()

        return it

    def doomed() -> None:
        with Session(engine) as session, session.begin():
            session.add(MappedItem(id=10, name="saw", amount=1))
            session.flush()
            session.add(MappedItem(id=11, name="saw", amount=1))
            try:
                session.flush()
            except Exception as error:
                _expected(error)

    yield _answers(call, doomed)
    engine.dispose()


def _answers(call: Callable[..., Callable[[], Any]], doomed: Callable[[], None]) -> Answers:
    return {
        "two": call("two"),
        "type": call("type"),
        "unknown": call("unknown", id=1, colour="red"),
        "missing": call("missing"),
        "literal": call("literal", name="hammer"),
        "list": call("list", ids=[1, 2]),
        "empty": call("empty", ids=[]),
        "secret": lambda: [call("secret", id=7, name=SECRET)(), call("secret", id=8, name=SECRET)()],
        "doomed": doomed,
    }


def _expected(error: Exception) -> None:
    """Ignore the error of the database, because the program goes on; another error is a mistake of this file."""
    if "UNIQUE" not in str(error):
        raise error


LIBRARIES = {
    "pydb": _pydb,
    f"aiosql {version('aiosql')}": _aiosql,
    f"SQLAKit {version('sqlakit')}": _sqlakit,
    f"SQLSpec {version('sqlspec')}": _sqlspec,
    f"SQLAlchemy {version('sqlalchemy')}, ORM": _orm,
}


def _asked(name: str, answer: Callable[[], Any], database: Path) -> str:
    try:
        result = answer()
    except Exception as error:
        if name == "secret":
            return f"{'yes' if SECRET in str(error) else 'no'}: `{type(error).__name__}`"
        return f"`{type(error).__name__}`"
    if name == "doomed":
        with sqlite3.connect(database) as conn:
            kept = conn.execute("SELECT count(*) FROM items WHERE name = 'saw'").fetchone()[0]
        return "commits the rest" if kept else "commits nothing, without an error"
    return f"returns `{result!r}`" if len(repr(result)) < 40 else "returns `" + repr(result)[:150] + "`"


def table() -> str:
    """The Markdown table, with a row for each question and a column for each library."""
    cells: dict[str, list[str]] = {name: [] for name in QUESTIONS}
    for library in LIBRARIES.values():
        for name in QUESTIONS:
            with tempfile.TemporaryDirectory() as folder:
                database = Path(folder) / "items.db"
                with sqlite3.connect(database) as conn:
                    conn.executescript(SCHEMA)
                conn.close()
                with library(Path(folder)) as answers:
                    cells[name].append(_asked(name, answers[name], database))
    head = f"| | {' | '.join(LIBRARIES)} |\n|---|{'---|' * len(LIBRARIES)}\n"
    return head + "".join(f"| {QUESTIONS[name]} | {' | '.join(row)} |\n" for name, row in cells.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/compared.md")
    made = table()
    if not parser.parse_args().write:
        print(made)
        return
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + "\n" + made + "\n" + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
