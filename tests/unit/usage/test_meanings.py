"""The meaning of a Python expression for pydb."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pydb.sample
from pydb.sqlfile.loader import read
from pydb.usage.meanings import Meaning, Scope, annotated, items_of, made_by, meaning, member
from pydb.usage.package_names import package_names

NAMES = package_names("pydb.sample", Path(pydb.sample.__file__).parent, read("sql", None))
SCOPE: Scope = {
    "app": Meaning("module", "pydb"),
    "users": Meaning("group", "users"),
    "queries": Meaning("group", ""),
    "User": Meaning("class", "User"),
    "user": Meaning("record", "User"),
    "everybody": Meaning("records", "User"),
    "other": None,
}


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("users.by_id", "statement", "users.by_id"),
        ("app.sample.users.by_id", "statement", "users.by_id"),
        ("app.sample.reports.authors.posts_per_author", "statement", "reports.authors.posts_per_author"),
        ("app.sample.User.create", "statement", "users.create"),
        ("user.update_email", "statement", "users.update_email"),
        ("queries.users.by_id", "statement", "users.by_id"),
        ("queries['users.by_id']", "statement", "users.by_id"),
        ("users.by_id(conn, id=1)", "record", "User"),
        ("users.by_id(conn, id=1) or User.create(conn)", "record", "User"),
        ("users.list_all(conn)", "records", "User"),
        ("app.sample.aio.users.by_id", "statement", "users.by_id"),
        ("users.by_id.aio", "statement", "users.by_id"),
        ("await queries.users.by_id.aio(conn, id=1)", "record", "User"),
        ("await conn.run_sync(users.by_id, id=1)", "record", "User"),
        ("everybody[0]", "record", "User"),
        ("app.load('sql')", "group", ""),
    ],
)
def test_known(text: str, kind: str, name: str) -> None:
    """Modules, functions, records and their methods have meanings."""
    assert meaning(ast.parse(text, mode="eval").body, SCOPE, NAMES, {}) == Meaning(kind, name)


@pytest.mark.parametrize("text", ["other.by_id", "nobody.by_id", "user.email", "queries[name]", "f(user)", "1 + 1"])
def test_unknown(text: str) -> None:
    """A meaning that the code does not show is not guessed."""
    assert meaning(ast.parse(text, mode="eval").body, SCOPE, NAMES, {}) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("User", "record"),
        ("User | None", "record"),
        ("'User'", "record"),
        ("Optional[User]", "record"),
        ("list[User]", "records"),
        ("tuple[User, ...]", "records"),
    ],
)
def test_annotations(text: str, kind: str) -> None:
    """An annotation determines the meaning of a name."""
    assert annotated(ast.parse(text, mode="eval").body, SCOPE, NAMES, {}) == Meaning(kind, "User")
    assert annotated(ast.parse("dict[str, int]", mode="eval").body, SCOPE, NAMES, {}) is None


def test_items_and_makers() -> None:
    """An item of records is a record, and so is the result of a function with that annotation."""
    assert items_of(Meaning("records", "User")) == Meaning("record", "User")
    assert items_of(Meaning("record", "User")) is None
    assert made_by(Meaning("record", "User")) == Meaning("maker", "User")
    assert made_by(None) is None
    assert member(Meaning("record", "User"), "nothing", NAMES, {}) is None
