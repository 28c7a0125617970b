"""Find the sample's .sql files and open its database: a URL in, a database with the sample's tables out."""

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
"""The first and the last table that the sample's schema creates: if both exist, all exist."""

PATIENCE = 30.0
"""Seconds to wait for another process that is creating the tables."""


def schema_for(engine: str) -> Path:
    """The schema script for an engine: ``sqlite``, ``postgresql`` or ``mariadb``."""
    return SQL.parent / "schema.sql" if engine == "sqlite" else SQL / engine / "schema.sql"


def open(url: str | URL | None = None, **options: Any) -> Database:
    """The database at ``url``, by default ``$DATABASE_URL``, with the sample's tables.

    The tables are created in an empty database.  Options are those of ``pydb.Database``.
    Raises PydbError if the database has tables but not all of the sample's.
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
    # Another process creates the tables.  On MariaDB they appear one by one, because DDL is not transactional.
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
