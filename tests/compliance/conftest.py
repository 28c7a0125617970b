"""SQLAlchemy's compliance suite on pydb's engines, or on plain engines for a comparison.

In: ``--dburi``, and ``--pydb`` or not.  Out: with ``--pydb`` every engine that the suite makes is that of a
``pydb.Database``.  ``tests/integration/test_compliance.py`` runs it both ways.
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import URL, Engine, make_url

import pydb

_opened: list[pydb.Database] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pydb", action="store_true", help="run on the engines of pydb.Database")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--pydb"):
        return
    (given,) = map(make_url, config.getoption("--dburi"))
    database = (
        pydb.Database
    )  # imported with pydb's own reference to SQLAlchemy's function, before the function is replaced

    def create_engine(url: URL, **options: Any) -> Engine:
        # An option that Database refuses fails the test that passes it: no plain engine replaces it.
        _opened.append(database(url if given.password is None else url.set(password=given.password), **options))
        return _opened[-1].engine

    # The suite calls this function when it makes an engine.
    setattr(sqlalchemy, "create_engine", create_engine)  # noqa: B010  # it has overloads


def pytest_collection_finish(session: pytest.Session) -> None:
    if session.config.getoption("--pydb"):
        from sqlalchemy.testing import config

        assert config.db is _opened[0].engine, "the suite has not asked for pydb's engine"
