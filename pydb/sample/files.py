"""Where the sample's .sql files are; a URL in, a database with the sample's tables out."""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.errors import DatabaseError, PydbError
from pydb.sample.records import SQL

__all__ = ["SQL", "open", "schema_for"]

TABLES = frozenset({"users", "products"})
"""The first and the last table that the sample's schema creates: where both are, all are."""

PATIENCE = 30.0
"""Seconds that another process is given to finish the tables that it began."""


def schema_for(engine: str) -> Path:
    """The schema script for an engine: ``sqlite``, ``postgresql`` or ``mariadb``."""
    return SQL.parent / "schema.sql" if engine == "sqlite" else SQL / engine / "schema.sql"


def open(url: str | URL | None = None, **options: Any) -> Database:
    """The database at ``url``, by default ``$DATABASE_URL``, with the sample's tables in place.

    An empty database gets them; one that has them is left alone.  Options are those of ``pydb.Database``.
    Raises PydbError when the database has tables but not all of the sample's.
    """
    database = Database(url, **options)
    try:
        _ensure_schema(database)
    except BaseException:
        database.close()
        raise
    return database


def _ensure_schema(database: Database) -> None:
    tables = _tables(database)
    if not tables:
        try:
            database.apply(schema_for(database.rules.name))
            return
        except DatabaseError:
            tables = _tables(database)
            if not tables:
                raise
    # Another process was faster.  MariaDB shows its tables one by one: it has no transaction around them.
    deadline = time.monotonic() + PATIENCE
    while "users" in tables and not tables >= TABLES and time.monotonic() < deadline:
        time.sleep(0.1)
        tables = _tables(database)
    if not tables >= TABLES:
        hint = "name an empty database, or give this one the schema with `pydb schema reset`"
        raise PydbError("the database has tables, but not all of the sample's", hint=hint)


def _tables(database: Database) -> set[str]:
    with database.read() as conn:
        return set(inspect(conn).get_table_names())
