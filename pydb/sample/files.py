"""Where the sample's .sql files are; a URL in, a database with the sample's tables out."""

from pathlib import Path
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.errors import DatabaseError, PydbError
from pydb.sample.records import SQL

__all__ = ["SQL", "open", "schema_for"]

TABLES = frozenset({"users", "products"})
"""Tables of the sample: where they are, the others are."""


def schema_for(engine: str) -> Path:
    """The schema script for an engine: ``sqlite``, ``postgresql`` or ``mariadb``."""
    return SQL.parent / "schema.sql" if engine == "sqlite" else SQL / engine / "schema.sql"


def open(url: str | URL | None = None, **options: Any) -> Database:
    """The database at ``url``, by default ``$DATABASE_URL``, with the sample's tables in place.

    An empty database gets them; one that has them is left alone.  Options are those of ``pydb.Database``.
    Raises PydbError when the database has tables but not the sample's.
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
    if tables >= TABLES:
        return
    if tables:
        raise PydbError("the database has tables, but not the sample's", hint="name an empty database")
    try:
        database.apply(schema_for(database.rules.name))
    except DatabaseError:
        # Another process may have been faster.
        if not _tables(database) >= TABLES:
            raise


def _tables(database: Database) -> set[str]:
    with database.read() as conn:
        return set(inspect(conn).get_table_names())
