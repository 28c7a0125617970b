"""An ``AsyncDatabase`` for the database of a test: the engine's name and the URL of the test's fixtures in."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import make_url

import pydb


def async_database(engine_name: str, url: str, **options: Any) -> pydb.AsyncDatabase:
    """The database, with the engine's asynchronous driver."""
    return pydb.AsyncDatabase(make_url(url).set(drivername=engine_name), **options)
