"""The tree of errors: its shape, what an error says, and that it crosses to other processes."""

from __future__ import annotations

import copy
import copyreg
import inspect
import pickle
import re
from pathlib import Path

import pytest
from sqlalchemy import exc

from pydb import errors
from pydb.errors import DatabaseError, PydbError, UniqueViolation
from pydb.support.escapes import Lines, escaped

CLASSES = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, PydbError)}
WHERE = {"statement_name": "users.create", "file": "sql/users.sql", "line": 12, "hint": "do otherwise"}


def test_the_tree_is_drawn() -> None:
    """The module's docstring draws every class, and ``__all__`` exports each."""
    assert set(re.findall(r"\b[A-Z]\w*[a-z]\w*\b", inspect.getdoc(errors) or "")) >= CLASSES.keys()
    assert CLASSES.keys() <= set(errors.__all__)
    assert errors.__all__ == sorted(errors.__all__)


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_what_an_error_says(kind: type[PydbError]) -> None:
    """An error says where, which statement, what, and what to do next."""
    error = kind("it went wrong", **WHERE)  # type: ignore[arg-type]
    assert str(error) == "sql/users.sql:12: users.create: it went wrong    hint: do otherwise"
    assert str(kind("it went wrong")) == "it went wrong"
    assert str(kind("it went wrong", file="a.sql")) == "a.sql: it went wrong"
    assert repr(error) == f"{kind.__name__}('it went wrong')"


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_copies(kind: type[PydbError]) -> None:
    """An error pickles and copies with all that it knows."""
    error = kind("it went wrong", **WHERE)  # type: ignore[arg-type]
    for made in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(made) is kind
        assert str(made) == str(error)
        assert (made.message, made.hint) == ("it went wrong", "do otherwise")


@pytest.mark.parametrize(
    "kind", [kind for kind in CLASSES.values() if issubclass(kind, DatabaseError)], ids=lambda kind: kind.__name__
)
def test_database_errors(kind: type[DatabaseError]) -> None:
    """An error of the database is Core's too, and keeps the driver's exception out of its words."""
    secret = RuntimeError("hunter2")
    error = kind("refused", orig=secret, sql="SELECT ?", table="users", columns=("name",), constraint="users_name_key")
    assert isinstance(error, exc.DBAPIError)
    assert (error.orig, error.statement, error.params) == (secret, "SELECT ?", None)
    assert (error.table, error.columns, error.constraint) == ("users", ("name",), "users_name_key")
    assert "hunter2" not in f"{error}{error!r}{error.args}"
    assert pickle.loads(pickle.dumps(error)).orig is None
    assert pickle.loads(pickle.dumps(error)).columns == ("name",)


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_what_stays_behind(kind: type[PydbError], monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy has what pydb says and nothing else: no note, no attribute of somebody's, no other exception."""
    # tblib, which sqlfluff uses, makes itself the pickler of every exception class of the process.
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
    """An error is one line without control characters, and its attributes have the texts as they are."""
    text = "\x1b[2J\u202e\n::error::forged ##[error]"
    error = kind(text, statement_name=text, file=text, line=1, hint=text)
    for said in (str(error), repr(error)):
        assert said.isprintable()
        assert "##[" not in said
    assert (error.message, error.file, error.hint) == (text, text, text)
    block = kind(text, hint=Lines("write:\n    sql = 1"))
    assert str(block).splitlines() == [f"{escaped(text)}    hint: write:", "    sql = 1"]


def test_core_classes() -> None:
    """An error is caught by the handler that was written for Core's class of its kind."""
    wanted = {
        "ConstraintViolation": exc.IntegrityError,
        "UniqueViolation": exc.IntegrityError,
        "Retryable": exc.OperationalError,
        "Busy": exc.OperationalError,
        "Disconnected": exc.OperationalError,
        "CommitOutcomeUnknown": exc.OperationalError,
        "StatementTimeout": exc.OperationalError,
        "DataError": exc.DataError,
        "ProgrammingError": exc.ProgrammingError,
        "NotSupportedError": exc.NotSupportedError,
        "InternalError": exc.InternalError,
        "InterfaceError": exc.InterfaceError,
    }
    for name, core in wanted.items():
        assert issubclass(CLASSES[name], core)


def test_no_retry_by_name() -> None:
    """What may have happened already is not in the class of what may be repeated."""
    assert not issubclass(errors.CommitOutcomeUnknown, (errors.Retryable, errors.Disconnected))
    assert not issubclass(errors.StatementTimeout, errors.Retryable)
    assert not issubclass(UniqueViolation, errors.Retryable)


def test_the_page_has_every_error() -> None:
    """docs/errors.md has a row for every class."""
    page = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
    rows = "".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    assert {name for name in CLASSES if f"`{name}`" not in rows} == set()
