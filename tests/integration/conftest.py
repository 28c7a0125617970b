"""What the tests of the runtime share.

``road``: the test runs once down each of the two roads to the database.  ``database``: a ``Database`` on an empty
database, with that road forced.  ``load``: SQL text and records in, ``Queries`` out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

import pydb

Load = Callable[..., Any]


def take_ordinary_road(engine: Engine) -> None:
    """Attach a listener that does nothing: where somebody listens, statements go by ``Connection.execute``."""
    event.listen(engine, "before_cursor_execute", lambda *_: None)


@pytest.fixture(params=["short", "ordinary"])
def road(request: pytest.FixtureRequest) -> str:
    """``short`` (the driver's own cursor) or ``ordinary`` (``Connection.execute``)."""
    return str(request.param)


@pytest.fixture
def database(empty_url: str, road: str) -> Iterator[pydb.Database]:
    """A ``pydb.Database`` on an empty database whose statements take the ``road``."""
    with pydb.Database(empty_url) as made:
        if road == "ordinary":
            take_ordinary_road(made.engine)
        yield made


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """``load(text, *records)``: the statements of one .sql file, as ``queries.q``."""

    def load_text(text: str, *records: type) -> Any:
        folder = tmp_path / "sql"
        folder.mkdir(exist_ok=True)
        (folder / "q.sql").write_text(text, encoding="utf-8")
        return pydb.load(folder, records=records).q

    return load_text
