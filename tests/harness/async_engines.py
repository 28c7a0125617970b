"""An asynchronous SQLAlchemy engine for a test's database: the engine's name and URL in, the engine out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pydb.engines.mariadb.rules import SQL_MODE

DRIVERS = {"sqlite": "sqlite+aiosqlite:", "postgresql": "postgresql+psycopg:", "mariadb": "mariadb+asyncmy:"}


def async_engine(engine_name: str, url: str, **options: Any) -> AsyncEngine:
    """The engine, with the settings that shared SQL needs."""
    if engine_name == "mariadb":
        command = f"SET sql_mode = '{SQL_MODE}', time_zone = '+00:00'"
        options["connect_args"] = {"init_command": command}
    if engine_name == "postgresql":
        options["connect_args"] = {"options": "-c timezone=UTC"}
    engine = create_async_engine(DRIVERS[engine_name] + url.partition(":")[2], **options)
    if engine_name == "sqlite":
        event.listen(engine.sync_engine, "connect", _connect)
        event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON").close()


def _begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE")
