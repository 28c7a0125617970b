"""The names of statements in a generated package."""

from __future__ import annotations

from pathlib import Path

import pydb.sample
from pydb.sqlfile.loader import read
from pydb.usage.package_names import package_names

FOLDER = Path(pydb.sample.__file__).parent


def test_the_sample() -> None:
    """A record's factories and methods are found in records.py, with the keywords of their calls."""
    names = package_names("pydb.sample", FOLDER, read("sql", None))
    method = names.classes["User"]["update_email"]
    assert (method.statement, set(method.required)) == ("users.update_email", {"email"})
    assert names.classes["User"]["patch"].required == frozenset()
    assert "email" in names.classes["User"]["patch"].keywords
    assert names.classes["User"]["create"].statement == "users.create"
    assert {"users", "reports", "reports.authors"} <= names.groups


def test_without_a_package() -> None:
    """Without a package there are only the statements."""
    names = package_names(None, None, read("sql", None))
    assert not names.classes
    assert "users.by_id" in names.statements
