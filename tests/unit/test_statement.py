"""A statement is treated as a function by Python's own tools."""

from __future__ import annotations

import copy
import functools
import inspect
import pickle
import pydoc
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

import pydb
from pydb.sample import User, queries, users
from pydb.sample.files import schema_for
from tests.harness.plans import statement_from

BY_ID = queries.users.by_id


@pytest.fixture
def conn() -> Iterator[Connection]:
    """A connection to the sample's schema in memory."""
    with pydb.Database("sqlite://") as database:
        database.apply(schema_for("sqlite"))
        with database.begin() as made:
            yield made


def test_its_names() -> None:
    """A statement has the names of a function in a class, and a place in the SQL."""
    assert (BY_ID.__name__, BY_ID.__qualname__) == ("by_id", "users.by_id")
    assert BY_ID.__module__ == pydb.Statement.__module__
    with pytest.raises(AttributeError, match="a statement has no __wrapped__"):
        _ = BY_ID.__wrapped__


def test_its_documentation() -> None:
    """The documentation has the SQL file's comment, the call, the results, and the place."""
    first, _, call, place = (BY_ID.__doc__ or "").split("\n")
    assert first == "One user by key."
    assert call == "by_id(conn, /, *, id)  :maybe User"
    assert place == f"{BY_ID.file}:{BY_ID.line}"
    assert inspect.getdoc(BY_ID) == BY_ID.__doc__
    assert (pydb.Statement.__doc__ or "").startswith("A named SQL statement")


def test_help() -> None:
    """help() shows the statement itself, not its class."""
    text = pydoc.plain(pydoc.render_doc(BY_ID))
    assert "One user by key." in text
    assert "by_id(conn, /, *, id)  :maybe User" in text
    assert str(BY_ID.line) in text
    assert "ready to be called" not in text


def test_documentation_shows_no_control_character(tmp_path: Path) -> None:
    """Control characters are escaped in the documentation too."""
    (tmp_path / "q.sql").write_text("-- name: a :one scalar\n-- Red: \x1b[31m.\nSELECT 1;\n")
    assert "\\x1b[31m" in (pydb.load(tmp_path).q.a.__doc__ or "")


def test_copies_are_the_statement_itself() -> None:
    """A copy of a statement, and of queries, is the same object, because they do not change."""
    assert copy.copy(BY_ID) is copy.deepcopy(BY_ID) is BY_ID
    assert copy.copy(queries) is copy.deepcopy(queries) is queries
    assert copy.deepcopy({"by_id": BY_ID})["by_id"] is BY_ID


def test_pickles(conn: Connection) -> None:
    """An unpickled statement works in the same way, also after the first call has installed a generated function."""
    user = users.create(conn, username="ann", email="ann@example.org")
    for _ in range(3):
        again = pickle.loads(pickle.dumps(BY_ID))
        assert again(conn, id=user.id) == BY_ID(conn, id=user.id) == user
        assert isinstance(again(conn, id=user.id), User)
        assert repr(again) == repr(BY_ID)
    everything = pickle.loads(pickle.dumps(queries))
    assert [statement.name for statement in everything] == [statement.name for statement in queries]
    assert everything.users.by_id(conn, id=user.id) == user
    assert repr(everything.users) == repr(queries.users)


def test_another_process_can_call_it(tmp_path: Path) -> None:
    """A pickled statement can be called in another process."""
    url = f"sqlite:///{tmp_path}/app.db"
    with pydb.Database(url) as database:
        database.apply(schema_for("sqlite"))
        with database.begin() as conn:
            user = users.create(conn, username="ann", email="ann@example.org")
    program = (
        "import pickle, sys, pydb\n"
        "by_id = pickle.load(sys.stdin.buffer)\n"
        "with pydb.Database(sys.argv[1]) as database, database.read() as conn:\n"
        "    print(by_id(conn, id=int(sys.argv[2])).username)\n"
    )
    command = [sys.executable, "-c", program, url, str(user.id)]
    done = subprocess.run(command, input=pickle.dumps(BY_ID), capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"ann\n", b"")


def test_it_wraps(conn: Connection) -> None:
    """functools and typing accept it like a function."""

    @functools.wraps(BY_ID)
    def by_id(*arguments: Any, **named: Any) -> Any:
        return BY_ID(*arguments, **named)

    assert (by_id.__name__, by_id.__qualname__, by_id.__doc__) == ("by_id", "users.by_id", BY_ID.__doc__)
    assert inspect.signature(by_id) == inspect.signature(BY_ID)
    assert typing.get_type_hints(BY_ID) == {}
    assert functools.partial(BY_ID, conn)(id=1) is None
    assert callable(BY_ID)


def test_its_text() -> None:
    """The Core text of one engine has the statement's parameters, and an unknown engine is refused by name."""
    assert set(BY_ID.text("sqlite").compile().params) == {"id"}
    with pytest.raises(ValueError, match="no engine is named oracle"):
        BY_ID.text("oracle")


def test_the_signature_of_optional_lines() -> None:
    """An optional parameter has a default: None, False, ABSENT, or the default of a choice."""
    statement = statement_from(
        "-- name: x :many\n-- @param deep bool\nSELECT id\nFROM t\nWHERE\n    id = :id\n    AND a = :a -- if :a\n"
        "    AND b = :b -- if :b given\n    AND c = :c -- if :deep\n    AND d = 1 -- if :kind = one\nORDER BY\n"
        "    id -- if :order = up\n    -- id DESC -- if :order = down\n;\n"
    )
    call = "x(conn, /, *, id, a=None, b=pydb.ABSENT, c=pydb.ABSENT, deep=False, kind=None, order='up')  :many"
    assert call in statement.__doc__.split("\n")
    assert statement.parameters == ("id", "a", "b", "c", "deep", "kind", "order")


def test_its_asynchronous_call() -> None:
    """The asynchronous call is one object with the statement's name and signature, and is pickled with it."""
    call = BY_ID.aio
    assert BY_ID.aio is call
    assert repr(call) == f"{repr(BY_ID)[:-1]}, asynchronous>"
    assert call.__name__ == "by_id"
    assert inspect.signature(call) == inspect.signature(BY_ID)
    assert pickle.loads(pickle.dumps(call)).statement.name == "users.by_id"
