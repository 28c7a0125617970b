"""No error, log record or repr contains a parameter's value or a password."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

import pydb
from pydb.errors import ForeignKeyViolation, PydbError
from pydb.testing.servers import free_port
from tests.harness.error_cases import (
    MARIADB_OVERLAY,
    PET,
    POSTGRESQL_OVERLAY,
    REFUSALS,
    SECRET,
    SECRET_NUMBER,
    STATEMENTS,
    TABLES,
    TRIGGERS,
    VIOLATIONS,
    fill,
)
from tests.harness.runtime import CreateTables, Load, take_core_path

MORE = """\

-- name: among :many scalar
SELECT id FROM pets WHERE name IN (:names);

-- name: named :one scalar
-- @column name int
SELECT name FROM pets WHERE name = :name;

-- name: declared :many scalar
-- @param name int
SELECT id FROM pets WHERE name = :name;

-- name: same_named :one scalar
SELECT p.id FROM pets AS p CROSS JOIN pets AS q WHERE p.name = :name;

-- name: unnamed :many Pet
SELECT id, CAST(:name AS char) FROM pets;

-- name: unnamed_row :many
-- @column name str
SELECT id, CAST(:name AS char) FROM pets;

-- name: unnamed_twice :many
SELECT CAST(:name AS char), CAST(:name AS char) FROM pets;

-- name: nobody :one scalar
SELECT id FROM pets WHERE name = :name;

-- name: added :batch scalar
INSERT INTO pets (id, owner_id, name) VALUES (:id, :owner_id, :name) RETURNING id;
"""
SECRETS = (SECRET, str(SECRET_NUMBER), f"{SECRET_NUMBER:_}")


@dataclass(frozen=True, slots=True)
class Pet:
    id: int
    name: str


class Box:
    """An object whose text contains the secret."""

    def __repr__(self) -> str:
        return SECRET

    __str__ = __repr__


UNFIT: list[tuple[str, dict[str, Any]]] = [
    ("own", {"id": 9, "name": SECRET + "\ud800"}),
    ("own", {"id": SECRET_NUMBER * 10**9, "name": "x"}),
    ("own", {"id": 9, "name": Box()}),
    ("own", {"id": 9, "name": {SECRET}}),
    ("own", {"id": 9, "name": {SECRET: Box()}}),
    ("own", {"id": 9, "name": [{Box(): 1}]}),
    ("own", {"name": SECRET}),
    ("among", {"names": SECRET}),
    ("among", {"names": [SECRET, None]}),
    ("among", {"names": [SECRET, Box()]}),
    ("declared", {"name": SECRET}),
    ("named", {"name": SECRET}),
    ("same_named", {"name": SECRET}),
    ("unnamed", {"name": SECRET}),
    ("unnamed_row", {"name": SECRET}),
    ("unnamed_twice", {"name": SECRET}),
    ("nobody", {"name": SECRET + "!"}),
]
BATCHES: list[tuple[str, Any]] = [
    ("add_many", [{**PET, "id": 20}, {**PET, "id": 21}]),
    ("add_many", [{**PET, "id": 20, "owner_id": None}, {**PET, "id": 21, "owner_id": None, "size": -SECRET_NUMBER}]),
    ("add_many", [{**PET, "id": 20}, {"name": SECRET}]),
    ("add_many", [{**PET, "id": 20}, {**PET, "size": Box()}]),
    ("add_many", [SECRET]),
    ("added", [{"id": 20, "owner_id": SECRET_NUMBER + 5, "name": SECRET}]),
]


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and the exceptions in its chain, whether Python prints them or not."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def words_of(error: BaseException) -> str:
    """All texts that printing, logging, copying or inspecting the error may show, without the driver's ``orig``."""
    text = "".join(traceback.format_exception(error))
    for link in chain(error):
        shown = {name: value for name, value in vars(link).items() if name != "orig"}
        text += f"{link}{link!r}{link.args!r}{shown!r}"
    return text + words_of_copies(error)


def words_of_copies(error: BaseException) -> str:
    """The texts of pickled and copied errors of pydb, including ``orig``; no text for other errors."""
    if not isinstance(error, PydbError):
        return ""
    pickles = [pickle.dumps(error, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    made = [*map(pickle.loads, pickles), copy.copy(error), copy.deepcopy(error)]
    assert {str(each) for each in made} == {str(error)}
    return "".join([*(text.decode("latin-1") for text in pickles), *(f"{each!r}{vars(each)!r}" for each in made)])


def leaks(words: str) -> list[str]:
    """The secrets that the texts contain."""
    return [secret for secret in SECRETS if secret in words]


@contextmanager
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Record the messages of every logger, from DEBUG on."""
    debug = logging.DEBUG
    with caplog.at_level(debug), caplog.at_level(debug, "sqlalchemy"), caplog.at_level(debug, "pydb"):
        yield


def leaky_records(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The log records that contain a secret, in their text or in their attributes."""
    said = [f"{record.name} {record.levelname} {record.getMessage()}{vars(record)!r}" for record in caplog.records]
    return [words for words in said if leaks(words)]


@pytest.fixture(params=["short", "ordinary", "echo"])
def database(request: pytest.FixtureRequest, empty_url: str) -> Iterator[pydb.Database]:
    """A database for each path, and a database that prints every statement."""
    with pydb.Database(empty_url, echo=request.param == "echo") as made:
        if request.param == "core":
            take_core_path(made.engine)
        yield made


@pytest.fixture
def q(load: Load, create_tables: CreateTables, database: pydb.Database, engine_name: str) -> Any:
    """The statements, and the tables with rows that violations conflict with."""
    create_tables(TABLES + TRIGGERS[engine_name])
    queries = load(STATEMENTS + MORE, Pet, postgresql=POSTGRESQL_OVERLAY, mariadb=MARIADB_OVERLAY)
    with database.begin() as conn:
        fill(queries, conn)
    return queries


def call_named(q: Any, name: str, sets: Any, conn: Any) -> Any:
    """Call the statement with a batch of parameters."""
    return getattr(q, name)(conn, sets)


def attempt(database: pydb.Database, work: Callable[[Any], Any]) -> BaseException | None:
    """The error that the work raises in a separate block."""
    try:
        with database.begin() as conn:
            work(conn)
            conn.rollback()
    except Exception as error:
        return error
    return None


def test_parameters(database: pydb.Database, q: Any, caplog: pytest.LogCaptureFixture) -> None:
    """No error about a value contains the value, nor does any log."""
    cases: list[Any] = [*VIOLATIONS, *REFUSALS]
    singles = [(case.statement, case.parameters) for case in cases] + UNFIT
    found: dict[str, list[str]] = {}
    provoked = 0
    with everything_logged(caplog):
        for name, parameters in singles:
            error = attempt(database, partial(getattr(q, name), **parameters))
            if error is not None:
                provoked += 1
                assert isinstance(error, PydbError), error
                if held := leaks(words_of(error)):
                    found[f"{name}: {error}"] = held
        for name, sets in BATCHES:
            error = attempt(database, partial(call_named, q, name, sets))
            assert isinstance(error, PydbError), (name, error)
            if held := leaks(words_of(error)):
                found[f"{name}: {error}"] = held
    assert found == {}
    assert provoked >= len(VIOLATIONS) + len(UNFIT)
    assert leaky_records(caplog) == []


def test_swallowed_error(database: pydb.Database, q: Any) -> None:
    """The error of a doomed block does not keep the error that doomed it."""

    def swallow(conn: Any) -> None:
        with suppress(PydbError):
            q.own(conn, id=5, name=SECRET)

    with pytest.raises(pydb.errors.TransactionDoomed) as caught, database.begin() as conn:
        swallow(conn)
    assert leaks(words_of(caught.value)) == []


def test_application_engine(database: pydb.Database, q: Any, engine_name: str) -> None:
    """On an engine that shows parameters in Core's errors, pydb's errors show none."""
    own = create_engine(database.engine.url)
    for case in VIOLATIONS:
        if engine_name == "sqlite" and case.error is ForeignKeyViolation:
            continue  # SQLite enforces foreign keys only if a pragma enables that
        with pytest.raises(PydbError) as caught, own.begin() as conn:
            getattr(q, case.statement)(conn, **case.parameters)
        assert leaks(words_of(caught.value)) == []
    own.dispose()


def closed_port(url: str) -> str:
    """The URL with a port on which nothing listens."""
    return make_url(url).set(port=free_port()).render_as_string(hide_password=False)


WRONG: dict[str, Callable[[str], str]] = {
    "wrong password": lambda url: make_url(url).set(password=SECRET).render_as_string(hide_password=False),
    "unreachable": lambda url: closed_port(
        make_url(url).set(password=SECRET).render_as_string(hide_password=False)
    ),
    "no such host": lambda url: make_url(url).set(password=SECRET, host="no.such.host.invalid", port=None)
    .render_as_string(hide_password=False),
    "in the query": lambda url: make_url(url).set(password=None).update_query_dict({"password": SECRET})
    .render_as_string(hide_password=False),
    "unknown option": lambda url: make_url(url).set(password=SECRET).update_query_dict({"colour": "red"})
    .render_as_string(hide_password=False),
    "no such database": lambda url: make_url(url).set(password=SECRET, database="none").render_as_string(False),
}  # fmt: skip


@pytest.mark.engines("postgresql", "mariadb")
@pytest.mark.parametrize("what", WRONG)
def test_passwords(empty_url: str, what: str, caplog: pytest.LogCaptureFixture) -> None:
    """A failed connection is reported without the password, in the error, the log and every repr."""
    with everything_logged(caplog), pydb.Database(WRONG[what](empty_url), echo=True, connect_timeout=2) as database:
        shown = f"{database!r}{database.engine!r}{database.engine.url}{database.engine.pool!r}{vars(database)!r}"
        for block in (database.begin, database.read, database.connect):
            # PyMySQL raises TypeError for an option that it does not know.
            with pytest.raises((PydbError, TypeError)) as caught, block():
                pass
            assert leaks(words_of(caught.value)) == []
        assert leaks(shown) == []
    assert leaky_records(caplog) == []


@pytest.mark.engines("postgresql", "mariadb")
def test_password_in_the_query(empty_url: str) -> None:
    """A password in the URL's query is treated like a password before the host."""
    url = make_url(empty_url)
    moved = url.set(password=None).update_query_dict({"password": str(url.password)})
    with pydb.Database(moved) as database:
        with database.read() as conn:
            assert conn.exec_driver_sql("SELECT 1").scalar() == 1
        assert str(url.password) not in f"{database!r}{database.engine!r}{database.engine.url!r}"


@pytest.mark.parametrize(
    "url",
    [
        SECRET,
        f"postgresql:{SECRET}",
        f"postgresql+psycopg://user:{SECRET}@host:port/database",
        f"postgresql+psycopg://user:{SECRET}@[::1/database",
        f"nosuch://user:{SECRET}@host/database",
        f"postgresql+nosuch://user:{SECRET}@host/database",
        f"://user:{SECRET}@host",
    ],
)
def test_unreadable_urls(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """The error about a URL that cannot be read does not repeat it."""
    with everything_logged(caplog), pytest.raises(PydbError) as caught:
        pydb.Database(url)
    assert leaks(words_of(caught.value)) == []
    assert "hint: " in str(caught.value)
    assert leaky_records(caplog) == []


def test_scripts(database: pydb.Database, tmp_path: Path) -> None:
    """The error about a script's failed statement has its place, not its values."""
    script = tmp_path / "seed.sql"
    script.write_text(
        f"CREATE TABLE kept (name varchar(200) NOT NULL UNIQUE);\n\nINSERT INTO kept VALUES ('{SECRET}');\n"
        f"INSERT INTO kept VALUES ('{SECRET}');\n"
    )
    with pytest.raises(PydbError, match=r"seed\.sql:4: ") as caught:
        database.apply(script)
    caught.value.statement = None  # type: ignore[attr-defined]  # the script's own text
    assert leaks(words_of(caught.value)) == []
