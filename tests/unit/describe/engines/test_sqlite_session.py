"""SQLite describes statements without running them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from pydb.describe.analysis.statement_analysis import analyse
from pydb.describe.engines.sqlite_session import SqliteSession, SqliteSessions
from pydb.describe.session import Refused
from pydb.errors import PydbError
from pydb.sqlfile.parser import parse_file


def prepare(session: SqliteSession, sql: str) -> list[tuple[str, str | None, str | None]]:
    (parsed,) = parse_file(f"-- name: x :exec\n{sql}\n", "t.sql", "t", "sqlite")
    found = session.prepare(parsed.form, analyse(sql, session.catalogue))
    return [(column.name, column.type, column.table) for column in found.columns]


def test_columns() -> None:
    """A column has its declared type and its table; an expression has neither."""
    session = SqliteSession("sqlite")
    with session.script() as execute:
        execute(1, "CREATE TABLE t (a INTEGER, b text)")
    assert prepare(session, "SELECT a, b || 'x' AS c FROM t WHERE a = :a;") == [
        ("a", "integer", "t"),
        ("c", None, None),
    ]
    assert prepare(session, "INSERT INTO t (a) VALUES (:a);") == []
    assert list(session.ask("SELECT * FROM t")) == []
    session.close()


def test_refusals() -> None:
    """A refusal has the offset that SQLite reports, or that of the unknown name."""
    session = SqliteSession("sqlite")
    with pytest.raises(Refused) as caught:
        prepare(session, "SELECT nowhere;")
    assert (caught.value.message, caught.value.offset) == ("no such column: nowhere", 7)
    with pytest.raises(Refused) as caught, session.script() as execute:
        execute(7, "CREATE TABLE (")
    assert caught.value.offset == 7
    session.close()


def test_the_name_it_is_registered_under() -> None:
    """A session has the name and the product of its registered engine."""
    with SqliteSessions("sqlite").scratch(None) as session:
        assert session.engine == session.catalogue.engine == "sqlite"
        assert session.product.startswith("SQLite 3.")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """For a missing file, an error says so, and no file is created."""
    with pytest.raises(PydbError, match="cannot be opened"):
        SqliteSessions("sqlite").existing(make_url(f"sqlite:///{tmp_path}/none.db"))
    assert list(tmp_path.iterdir()) == []
