"""The fixtures of ``tests/conftest.py`` keep their promises on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, Engine, create_engine, exc, inspect, text

from pydb.testing.servers import StartedServer
from tests.harness.proxy import Proxy
from tests.harness.waiting import ALARM

if TYPE_CHECKING:
    from pydb import Database

CREATE = text("CREATE TABLE notes (id integer PRIMARY KEY)")
INSERT = text("INSERT INTO notes (id) VALUES (1)")
COUNT = text("SELECT count(*) FROM notes")


@contextmanager
def engine_on(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def connection_to(url: str) -> Iterator[Connection]:
    with engine_on(url) as engine, engine.connect() as conn:
        yield conn


def count(url: str) -> int:
    with connection_to(url) as conn:
        return int(conn.execute(COUNT).scalar_one())


@pytest.fixture
def notes_url(empty_url: str) -> str:
    with connection_to(empty_url) as conn:
        conn.execute(CREATE)
        conn.commit()
    return empty_url


@pytest.mark.parametrize("time", ["first", "second"])
def test_every_test_gets_a_database_without_tables(empty_url: str, time: str) -> None:
    """The next test does not get the database that a test has filled."""
    with connection_to(empty_url) as conn:
        assert inspect(conn).get_table_names() == []
        conn.execute(CREATE)
        conn.execute(INSERT)
        conn.commit()


def test_the_url_is_of_the_engine_asked_for(empty_url: str, engine_name: str) -> None:
    """The URL's dialect is the engine of the test's parameter."""
    with connection_to(empty_url) as conn:
        assert conn.dialect.name == engine_name


@pytest.mark.engines("postgresql", "mariadb")
def test_a_wrong_password_is_refused(empty_url: str, shared_server: StartedServer) -> None:
    """The servers require the password, so that tests about passwords are real."""
    with engine_on(empty_url.replace(shared_server.password, "wrong")) as engine:
        with pytest.raises(exc.OperationalError) as caught:
            engine.connect()
        assert "denied" in str(caught.value) or "authentication failed" in str(caught.value)


@pytest.fixture
def left_open() -> Iterator[list[Connection]]:
    """Objects that a test puts here are closed after the fixtures that the test requests later."""
    connections: list[Connection] = []
    yield connections
    for conn in connections:
        conn.invalidate()
        conn.close()


def test_a_connection_left_open_does_not_hinder_the_end_of_a_test(left_open: list[Connection], notes_url: str) -> None:
    """A database is dropped even if a session still locks one of its tables."""
    left_open.append(create_engine(notes_url).connect())
    left_open[0].execute(INSERT)


def insert_through(proxy: Proxy, url: str) -> None:
    with connection_to(proxy.url(url)) as conn:
        conn.execute(INSERT)
        conn.commit()


def test_a_proxy_forwards(proxy: Proxy, notes_url: str) -> None:
    """A proxy without an action changes nothing."""
    insert_through(proxy, notes_url)
    assert count(notes_url) == 1


def test_a_cut_before_commit_loses_the_row(proxy: Proxy, notes_url: str) -> None:
    """After a cut before COMMIT, the client gets an error and the server does not have the row."""
    proxy.cut_before("COMMIT")
    with pytest.raises(exc.OperationalError):
        insert_through(proxy, notes_url)
    assert not proxy.armed
    assert count(notes_url) == 0


def test_a_cut_after_commit_keeps_the_row(proxy: Proxy, notes_url: str) -> None:
    """After a cut after COMMIT, the client gets the same error but the server has the row."""
    proxy.cut_after("COMMIT")
    with pytest.raises(exc.OperationalError):
        insert_through(proxy, notes_url)
    assert not proxy.armed
    assert count(notes_url) == 1


def test_read_committed_is_not_taken_for_a_commit(proxy: Proxy, notes_url: str) -> None:
    """A text is found only as whole words."""
    proxy.cut_before("COMMIT")
    with connection_to(proxy.url(notes_url)) as conn:
        conn.execute(text("SELECT 'READ COMMITTED'"))
        assert conn.execute(COUNT).scalar_one() == 0
    assert proxy.armed


def test_a_stalled_proxy_answers_once_it_resumes(proxy: Proxy, notes_url: str) -> None:
    """A stalled connection stays open without data, and then continues from there."""
    with connection_to(proxy.url(notes_url)) as conn, ThreadPoolExecutor(1) as pool:
        proxy.stall()
        answer = pool.submit(lambda: conn.execute(COUNT).scalar_one())
        with pytest.raises(TimeoutError):
            answer.result(timeout=0.2)
        proxy.resume()
        assert answer.result(ALARM) == 0


def test_a_killed_server_comes_back_with_what_was_committed(own_server: StartedServer, own_url: str) -> None:
    """A server that was killed and started again has the committed rows, on the same port."""
    with connection_to(own_url) as conn:
        conn.execute(CREATE)
        conn.execute(INSERT)
        conn.commit()
        own_server.kill()
        with pytest.raises(exc.OperationalError):
            conn.execute(COUNT)
    own_server.start()
    assert count(own_url) == 1


def test_a_server_left_down_is_up_for_the_next_test(own_server: StartedServer, own_url: str) -> None:
    """A test may leave its own server stopped, and the next test gets a running one."""
    assert own_server.execute("SELECT 1") == [(1,)]
    own_server.stop()
    assert not own_server.running


def test_the_statements_that_a_server_was_sent_are_in_its_log(own_server: StartedServer, own_url: str) -> None:
    """A test's own server logs each statement with its comment."""
    with connection_to(own_url) as conn:
        conn.execute(text("/* notes.mark */ SELECT 1"))
    assert "/* notes.mark */ SELECT 1" in own_server.statement_log.read_text()


def test_all_engines_at_once(empty_urls: dict[str, str]) -> None:
    """One test gets a database on each engine."""
    for engine, url in empty_urls.items():
        with connection_to(url) as conn:
            assert conn.dialect.name == engine


def rows_by_table(url: str) -> dict[str, int]:
    with connection_to(url) as conn:
        names = sorted(inspect(conn).get_table_names())
        return {name: conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}


def test_the_sample_begins_the_same_on_every_engine(sample_urls: dict[str, str]) -> None:
    """The three schemas create tables with the same names and numbers of rows: only lookup tables have rows."""
    sqlite = rows_by_table(sample_urls["sqlite"])
    assert "users" in sqlite
    assert {name for name, rows in sqlite.items() if rows} == {"message_type_lookup"}
    assert rows_by_table(sample_urls["postgresql"]) == sqlite
    assert rows_by_table(sample_urls["mariadb"]) == sqlite


@pytest.mark.parametrize("time", ["first", "second"])
def test_every_test_gets_a_sample_of_its_own(db: Database, time: str) -> None:
    """A row that one test inserts into the sample does not exist in the next test."""
    with db.begin() as conn:
        assert conn.execute(text("SELECT count(*) FROM tags")).scalar_one() == 0
        conn.execute(text("INSERT INTO tags (name) VALUES ('sql')"))
    with db.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM tags")).scalar_one() == 1
