"""The file of a SQLite database, as its URL names it."""

from __future__ import annotations

import os

import pytest
from sqlalchemy.engine import make_url

from pydb.engines.sqlite.database_file import is_read_only, locked_file


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///app.db", "app.db"),
        ("sqlite:////data/app.db", "/data/app.db"),
        ("sqlite:///file:app.db?uri=true&mode=ro", "app.db"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("sqlite:///file:shared?mode=memory&uri=true", None),
    ],
)
def test_the_file(url: str, name: str | None) -> None:
    """The real path is the same for connections that share locks; a database in memory has none."""
    assert locked_file(make_url(url)) == (name and os.path.realpath(name))


@pytest.mark.parametrize(
    ("query", "reads"),
    [("uri=true&mode=ro", True), ("uri=true&immutable=1", True), ("uri=true&mode=rw", False), ("uri=true", False)],
)
def test_whether_it_is_read_only(query: str, reads: bool) -> None:
    """The URL says so, by its mode or as an immutable file."""
    assert is_read_only(make_url(f"sqlite:///file:app.db?{query}")) == reads
