"""The set of a batch that violates a constraint."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

import pydb
from pydb.database.error_translation import translated
from pydb.engines.base import rules_of
from pydb.errors import UniqueViolation
from pydb.execution.failed_set import send_together, where

INSERT = text("INSERT INTO notes (id) VALUES (:id)")


@pytest.fixture
def conn() -> Iterator[Connection]:
    """A transaction on a table with a key."""
    with pydb.Database("sqlite://") as database, database.connect() as conn, conn.begin():
        conn.execute(text("CREATE TABLE notes (id integer PRIMARY KEY)"))
        yield conn


def test_how_sets_are_named() -> None:
    """One set is named by its number, several by the first and the last."""
    assert where(7, 1) == "set 7: "
    assert where(0, 1000) == "sets 0 to 999: "


@pytest.mark.parametrize("bad", [0, 1, 499, 998, 999])
def test_halves_are_sent_again(conn: Connection, bad: int) -> None:
    """The set is found with few statements, and the earlier rows are kept."""
    ids = [*range(1000)]
    conn.execute(INSERT, {"id": 5000})
    ids[bad] = 5000
    sent: list[tuple[int, int]] = []

    def send(start: int, stop: int, told: str) -> None:
        sent.append((start, stop))
        try:
            with translated(rules_of("sqlite")):
                conn.execute(INSERT, [{"id": number} for number in ids[start:stop]])
        except UniqueViolation as error:
            error.message = told + error.message
            raise

    with pytest.raises(UniqueViolation) as caught:
        send_together(conn, rules_of("sqlite"), send, conn.exec_driver_sql, 2000, 1000, is_one_statement=False)
    assert caught.value.message.startswith(f"set {2000 + bad}: ")
    assert len(sent) <= 13
    assert conn.execute(text("SELECT count(*) FROM notes WHERE id >= 1000")).scalar_one() == 1


def test_one_set_is_sent_as_it_is(conn: Connection) -> None:
    """A single set needs no search, and so no savepoint."""
    said: list[str] = []
    sent = send_together(conn, rules_of("sqlite"), lambda *given: given, said.append, 3, 1, is_one_statement=True)
    assert sent == (0, 1, "set 3: ")
    assert said == []
