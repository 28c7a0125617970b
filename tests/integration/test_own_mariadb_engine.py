"""On MariaDB, sql_mode decides the meaning of SQL: a statement that depends on another mode is refused."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine

import pydb
from pydb.engines.mariadb.rules import SQL_MODE
from pydb.errors import NotSupportedError
from tests.harness.runtime import Load

pytestmark = [pytest.mark.engines("mariadb"), pytest.mark.usefixtures("call_path")]

STATEMENTS = """\
-- Texts.

-- name: joined :one scalar
SELECT 'a' || 'b' AS joined;

-- name: named :one scalar
SELECT "total" FROM (SELECT 1 AS total) AS sums;

-- name: backslash :one scalar
SELECT 'C:\\temp' AS path;

-- name: plain :one scalar
SELECT 'it''s' AS plain /* || "x" */;
"""


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("joined", "|| is OR on this connection"),
        ("named", "a name in double quotes is a string on this connection"),
        ("backslash", "a backslash in a string is an escape on this connection"),
    ],
)
def test_refused_under_the_server_s_own_mode(empty_url: str, load: Load, name: str, message: str) -> None:
    """A statement with another result in this mode is refused by name on every call, with a page to read."""
    statement: Any = getattr(load(STATEMENTS), name)
    engine = create_engine(empty_url)
    with engine.connect() as conn:
        for _ in range(3):
            with pytest.raises(NotSupportedError) as caught:
                statement(conn)
            assert f"q.{name}: {message}    hint: use pydb.Database" in str(caught.value)
    engine.dispose()


def test_plain_sql_runs_under_any_mode(empty_url: str, load: Load) -> None:
    """A statement whose meaning does not depend on the mode runs on any engine of the application."""
    engine = create_engine(empty_url)
    with engine.connect() as conn:
        assert load(STATEMENTS).plain(conn) == "it's"
    engine.dispose()


def test_own_engine_in_ansi_mode(empty_url: str, load: Load) -> None:
    """An application's engine that sets the mode as docs/values.md shows runs all of them."""
    engine = create_engine(empty_url, connect_args={"init_command": f"SET sql_mode = '{SQL_MODE}'"})
    queries = load(STATEMENTS)
    with engine.connect() as conn:
        assert [statement(conn) for statement in queries] == ["ab", 1, "C:\\temp", "it's"]
    engine.dispose()


def test_database_is_not_asked(empty_url: str, load: Load) -> None:
    """On a connection of Database, the first call sends only its statement."""
    queries = load(STATEMENTS)
    with pydb.Database(empty_url) as database, database.connect() as conn:

        def statements() -> int:
            return int(conn.exec_driver_sql("SHOW SESSION STATUS LIKE 'Questions'").one()[1])

        before = statements()
        assert queries.joined(conn) == "ab"
        assert statements() - before == 2
