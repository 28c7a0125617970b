"""The tree of errors: its shape, and what importing it costs."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pydb import errors
from pydb.errors import PydbError

CLASSES = {name: kind for name in errors.__all__ if issubclass(kind := getattr(errors, name), PydbError)}


def test_the_tree_is_drawn() -> None:
    """The module's docstring shows every class, and ``__all__`` exports each."""
    assert set(re.findall(r"\b[A-Z]\w*[a-z]\w*\b", inspect.getdoc(errors) or "")) >= CLASSES.keys()
    assert CLASSES.keys() <= set(errors.__all__)
    assert errors.__all__ == sorted(errors.__all__)


def test_the_page_has_every_error() -> None:
    """docs/errors.md has a row for every class."""
    page = (Path(__file__).parents[3] / "docs" / "errors.md").read_text(encoding="utf-8")
    rows = "".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    assert {name for name in CLASSES if f"`{name}`" not in rows} == set()


def test_the_core_classes_are_imported_at_their_first_use() -> None:
    """An error that no database raises does not import SQLAlchemy; the module has no other names."""
    code = (
        "import sys; from pydb.errors import SqlFileError; print('sqlalchemy' in sys.modules);"
        "from pydb.errors import Deadlock; print('sqlalchemy' in sys.modules, Deadlock.__module__)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True", "pydb.errors"]
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = errors.Nothing
    assert set(errors.__all__) <= set(dir(errors))
