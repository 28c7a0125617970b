"""A caller's text in an error is escaped and cut, of many texts only a few are shown, and of other values the class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

import pydb
from pydb.errors import ParameterError

STATEMENTS = """\
-- name: by_id :maybe scalar
SELECT :id AS id;

-- name: add :batch
INSERT INTO t (a, b) VALUES (:a, :b);

-- name: plain :many
SELECT :a AS a, :b AS b;
"""
LONG = "\x1b[31m\n::error::" + "secret" * 1000
SHOWN = "\\x1b[31m\\n::error::" + "secret" * 1000


class Key:
    """A key that fails the test if its text is requested."""

    def __str__(self) -> str:
        raise AssertionError("asked for its text")

    __repr__ = __str__


@pytest.fixture
def q(tmp_path: Path) -> Any:
    (tmp_path / "q.sql").write_text(STATEMENTS)
    return pydb.load(tmp_path).q


@pytest.fixture
def db() -> Iterator[pydb.Database]:
    with pydb.Database("sqlite://") as made:
        yield made


def many(value: Any = 1) -> dict[Any, Any]:
    return {f"p{number:02}": value for number in range(17)}


Call = Callable[[Any, Any, pydb.Database], Any]
CALLS: list[tuple[str, Call]] = [
    ("a parameter", lambda q, conn, db: q.by_id(conn, id=1, **{LONG: 1})),
    ("a parameter of a batch", lambda q, conn, db: q.add(conn, [{"a": 1, "b": 2}, {"a": 1, LONG: 2}])),
    ("a parameter of a list of one", lambda q, conn, db: q.add(conn, [{LONG: 2}])),
    ("a statement", lambda q, conn, db: q[LONG]),
    ("an attribute", lambda q, conn, db: getattr(q, LONG)),
    ("an attribute to be set", lambda q, conn, db: setattr(q, LONG, 1)),
    ("an attribute to be deleted", lambda q, conn, db: delattr(q, LONG)),
    ("an isolation level", lambda q, conn, db: db.begin(LONG).__enter__()),
    ("an isolation level of run", lambda q, conn, db: db.run(lambda conn: None, isolation=LONG)),
    ("an engine", lambda q, conn, db: q.by_id.text(LONG)),
    ("a URL", lambda q, conn, db: pydb.Database(LONG)),
    ("a dialect", lambda q, conn, db: pydb.Database("s" * 5000 + "://host")),
]


@pytest.mark.parametrize("call", [call for _, call in CALLS], ids=[name for name, _ in CALLS])
def test_a_long_and_hostile_text(q: Any, db: pydb.Database, call: Call) -> None:
    """At most 40 characters of a caller's text are shown, and no control characters of a terminal or a log."""
    with db.engine.connect() as conn, pytest.raises(Exception, match=r".") as caught:
        call(q, conn, db)
    text = str(caught.value)
    assert text.isprintable()
    assert len(text) < 400
    assert text.count("secret") < 8
    assert SHOWN[:40] in text or SHOWN[:10] not in text


NOT_TEXT: list[tuple[str, Call]] = [
    ("a parameter of a batch", lambda q, conn, db: q.add(conn, [{"a": 1, Key(): 2, 7: 1, None: 3}])),
    ("a statement", lambda q, conn, db: q[Key()]),
    ("an isolation level", lambda q, conn, db: db.begin(cast(Any, Key())).__enter__()),
    ("an engine", lambda q, conn, db: q.by_id.text(Key())),
]


@pytest.mark.parametrize("call", [call for _, call in NOT_TEXT], ids=[name for name, _ in NOT_TEXT])
def test_what_is_not_text(q: Any, db: pydb.Database, call: Call) -> None:
    """For a key that is not text, the error has its class, and ``__str__`` is not called."""
    with db.engine.connect() as conn, pytest.raises(Exception, match="<Key>"):
        call(q, conn, db)


def test_many_names(q: Any, db: pydb.Database) -> None:
    """Five of the unknown names are shown, with the number of the others."""
    with db.engine.connect() as conn:
        with pytest.raises(ParameterError) as caught:
            q.by_id(conn, id=1, **many())
        assert caught.value.message == "parameters: unknown p00, p01, p02, p03, p04 and 12 more"
        with pytest.raises(ParameterError) as caught:
            q.add(conn, [many()])
        assert caught.value.message == "set 0: parameters: missing a, b; unknown p00, p01, p02, p03, p04 and 12 more"
