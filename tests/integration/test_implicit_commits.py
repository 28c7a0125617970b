"""MariaDB commits before CREATE, ALTER and similar statements: pydb sends them only if there is nothing to commit."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine

import pydb
from pydb.errors import NotSupportedError
from tests.harness.runtime import CreateTables, Load

pytestmark = pytest.mark.awaited

STATEMENTS = """\
-- Things.

-- name: create :exec
INSERT INTO things (name) VALUES ('a');

-- name: count_all :one scalar
SELECT count(*) FROM things;

-- name: make_other :exec
CREATE TABLE others (id integer);

-- name: drop_other :exec
DROP TABLE others;

-- name: make_temporary :exec
CREATE TEMPORARY TABLE passing (id integer);
"""


@pytest.fixture
def q(database: pydb.Database, create_tables: CreateTables, load: Load) -> Any:
    create_tables("CREATE TABLE things (id <key>, name <string> NOT NULL);")
    return load(STATEMENTS)


def test_first_in_its_block(database: pydb.Database, q: Any) -> None:
    """On every engine, DDL runs as the first statement of a block and of a connection, repeatedly."""
    for _ in range(3):
        with database.begin() as conn:
            q.make_other(conn)
        with database.connect() as conn:
            q.drop_other(conn)
            conn.commit()


@pytest.mark.engines("mariadb")
def test_refused_after_work(database: pydb.Database, q: Any) -> None:
    """After another statement it is refused before it is sent, so that the block can still be rolled back."""
    for _ in range(3):
        refused = pytest.raises(NotSupportedError, match=r"q\.make_other: CREATE would implicitly commit .* hint: ")
        with refused as caught, database.begin() as conn:
            q.create(conn)
            q.make_other(conn)
        assert caught.value.line == 10
    with database.read() as conn:
        assert q.count_all(conn) == 0


@pytest.mark.engines("mariadb")
def test_refused_on_any_connection(empty_url: str, database: pydb.Database, q: Any) -> None:
    """The same is true for a connection of the application's engine, and in a read-only block."""
    engine = create_engine(empty_url)
    with engine.connect() as conn:
        q.create(conn)
        with pytest.raises(NotSupportedError):
            q.make_other(conn)
        conn.rollback()
        assert q.count_all(conn) == 0
    engine.dispose()
    with database.read() as conn, pytest.raises(NotSupportedError):
        q.make_other(conn)


def test_temporary_tables(database: pydb.Database, q: Any) -> None:
    """Creating a temporary table commits nothing, so it is allowed in the middle of a block."""
    with database.begin() as conn:
        q.create(conn)
        q.make_temporary(conn)
        conn.rollback()
    with database.read() as conn:
        assert q.count_all(conn) == 0


@pytest.mark.engines("sqlite", "postgresql")
def test_transactional_ddl(database: pydb.Database, q: Any) -> None:
    """On engines with transactional DDL it may be anywhere in a block, and is rolled back with the block."""
    with database.begin() as conn:
        q.create(conn)
        q.make_other(conn)
        conn.rollback()
    with database.begin() as conn:
        assert q.count_all(conn) == 0
        q.make_other(conn)
