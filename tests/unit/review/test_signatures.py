"""The Python code that generate writes for one statement."""

from __future__ import annotations

from dataclasses import replace

from pydb.generate import Options
from pydb.review.signatures import signature_of
from tests.harness.described import statement

OPTIONS = Options("app.db", "../../sql")


def test_a_function() -> None:
    """Each parameter has a line, and the type of a row without a record is before the function."""
    found = statement("SELECT id, name FROM users WHERE age > :age AND name = :name;", "x :many")
    assert signature_of([found], OPTIONS) == (
        "XRow: TypeAlias = Row[int, str]\n"
        "def x(\n    conn: Connection, /, *,\n    age: int,\n    name: str,\n) -> list[XRow]"
    )


def test_a_record() -> None:
    """The fields of a record are part of the signature."""
    found = statement("SELECT id, age FROM users;", "x :many User")
    text = "def x(conn: Connection, /) -> list[User]\nclass User:\n    id: int\n    age: int | None"
    assert signature_of([found], OPTIONS) == text


def test_a_batch() -> None:
    """The keys of a parameter set are shown."""
    found = statement("INSERT INTO users (id, name) VALUES (:id, :name);", "x :batch")
    assert signature_of([found], OPTIONS) == (
        "class XSet(TypedDict):\n    id: int\n    name: str\ndef x(conn: Connection, sets: Iterable[XSet], /) -> int"
    )


def test_what_is_not_generated() -> None:
    """If generate refuses the statement, there is no signature and no error."""
    found = statement("SELECT id FROM users;", "x :many User")
    hidden = replace(found, columns=(replace(found.columns[0], name="not a name"),))
    assert signature_of([hidden], OPTIONS) is None
