"""What every error says, and that it crosses to other processes."""

from __future__ import annotations

import copy
import copyreg
import pickle

import pytest

from pydb import errors
from pydb.errors import PydbError
from pydb.support.escapes import Lines, escaped

CLASSES = {name: kind for name in errors.__all__ if issubclass(kind := getattr(errors, name), PydbError)}
WHERE = {"statement_name": "users.create", "file": "sql/users.sql", "line": 12, "hint": "do otherwise"}


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_what_an_error_says(kind: type[PydbError]) -> None:
    """An error has its place, the statement, the mistake, and the solution."""
    error = kind("it went wrong", **WHERE)  # type: ignore[arg-type]
    assert str(error) == "sql/users.sql:12: users.create: it went wrong    hint: do otherwise"
    assert str(kind("it went wrong")) == "it went wrong"
    assert str(kind("it went wrong", file="a.sql")) == "a.sql: it went wrong"
    assert repr(error) == f"{kind.__name__}('it went wrong')"


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_copies(kind: type[PydbError]) -> None:
    """An error is pickled and copied with all its attributes."""
    error = kind("it went wrong", **WHERE)  # type: ignore[arg-type]
    for made in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(made) is kind
        assert str(made) == str(error)
        assert (made.message, made.hint) == ("it went wrong", "do otherwise")


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_what_stays_behind(kind: type[PydbError], monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy has only pydb's attributes: no note, no other attribute, no other exception."""
    # tblib, which sqlfluff uses, makes itself the pickler of every exception class in the process.
    monkeypatch.delitem(copyreg.dispatch_table, kind, raising=False)
    error = kind("it went wrong", **WHERE)  # type: ignore[arg-type]
    error.add_note("hunter2")
    error.user = error.detail = ["hunter2"]  # type: ignore[attr-defined]
    error.__cause__, error.__context__ = ValueError("hunter2"), ValueError("hunter2")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert b"hunter2" not in pickle.dumps(error, protocol)
    for made in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert str(made) == str(error)
        assert "hunter2" not in repr(vars(made))
        assert made.__cause__ is made.__context__ is None


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_hostile_text(kind: type[PydbError]) -> None:
    """An error is one line without control characters, and its attributes are unchanged."""
    text = "\x1b[2J\u202e\n::error::forged ##[error]"
    error = kind(text, statement_name=text, file=text, line=1, hint=text)
    for said in (str(error), repr(error)):
        assert said.isprintable()
        assert "##[" not in said
    assert (error.message, error.file, error.hint) == (text, text, text)
    block = kind(text, hint=Lines("write:\n    sql = 1"))
    assert str(block).splitlines() == [f"{escaped(text)}    hint: write:", "    sql = 1"]
