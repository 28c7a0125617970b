"""A statement on trial: its possible arguments, the tables that it may change, and its refutations."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from pydb import Database
from pydb.execution.runner import Runner
from pydb.prove.answers import Answer, AnswerDifference
from pydb.prove.engine_under_test import EngineUnderTest
from pydb.prove.tables import Table
from pydb.prove.trial import Refutation, Trial, touched
from pydb.statement import Statement
from tests.harness.described import statement


def tables_of(*names: str) -> list[Table]:
    return [
        Table("users", (), frozenset()),
        Table("posts", (), frozenset(), ((("user_id",), "users", ("id",)),)),
        Table("other", (), frozenset()),
    ]


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT id FROM users", []),
        ("DELETE FROM users", ["users", "posts"]),
        ("UPDATE posts SET title = 'x'", ["posts"]),
    ],
)
def test_the_tables_that_a_statement_may_change(sql: str, names: list[str]) -> None:
    """They are the tables that it names and those that refer to them; with triggers, all tables."""
    described = statement(f"{sql};", "x :exec" if sql[0] in "DU" else "x :many")
    assert [table.name for table in touched([described], tables_of(), has_triggers=False)] == names
    assert len(touched([described], tables_of(), has_triggers=True)) == (3 if names else 0)


def function(conn: Connection, /, *, n: int = 0) -> list[int]:
    return list(conn.execute(text("SELECT id FROM users LIMIT :n"), {"n": n}).scalars())


def trial(folder: Path, sql: str) -> Trial:
    described = statement(sql, "x :many scalar")
    tested_engines = [EngineUnderTest("sqlite", Database(f"sqlite:///{folder / 'a.db'}"), {"t.x": function})]
    statement_ = Statement(described.definition, Runner(described.definition, {}))
    return Trial("t.x", [described], tested_engines, [], statement_)


def test_arguments_that_every_engine_holds(tmp_path: Path) -> None:
    """A negative count, and a number that is too large for small types, are not tried."""
    tried = trial(tmp_path, "SELECT id FROM users ORDER BY id LIMIT :n;")
    assert [tried.takes(((), {"n": n})) for n in (0, 5, -1, 2**60)] == [True, True, False, False]
    assert not tried.arbitrary_limits
    assert trial(tmp_path, "SELECT id FROM users ORDER BY age LIMIT :n;").arbitrary_limits


def test_a_call_that_fails(tmp_path: Path) -> None:
    """An error that does not depend on rows or arguments refutes the statement."""
    tried = trial(tmp_path, "SELECT id FROM users ORDER BY id LIMIT :n;")
    with tried.tested_engines[0].transaction():
        found = tried.call(((), {"n": 1}))
    assert found is not None
    assert (found.code, found.engines) == ("P101", ("sqlite",))
    assert "no such table" in str(found.answer)


def test_refutations_that_are_alike() -> None:
    """Another value in the same column is the same mistake; another column is not."""
    first = Refutation("P201", ("a", "b"), difference=AnswerDifference("value", 1, 2, "n"))
    assert first.is_like(Refutation("P201", ("a", "b"), difference=AnswerDifference("value", 3, 4, "n")))
    assert not first.is_like(Refutation("P201", ("a", "b"), difference=AnswerDifference("value", 1, 2, "m")))
    assert not first.is_like(None)
    assert not first.is_like(Refutation("P101", ("a",), Answer(error="E")))
