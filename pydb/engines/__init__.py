"""Register engines: a registration in, the names and parts of an engine out.

Code that is for one engine only is a part of its registration.  It is in ``engines/<engine>/`` or in the folder
``engines/`` of another package, such as ``describe/engines/``.  A part is imported at its first use, because most
programs use one engine.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydb.errors import PydbError
from pydb.support.escapes import shortened

__all__ = [
    "Registration",
    "default_engine",
    "engine_names",
    "engine_of_dialect",
    "part",
    "readers_of",
    "register",
    "registration",
]


@dataclass(frozen=True, slots=True)
class Registration:
    """One engine: its ``name``, and the SQLAlchemy ``dialects`` that connect to it.

    The overlay folder has the same name.  ``product`` is the name in messages.  ``overlays`` are the folders whose
    statements replace the shared ones; an earlier folder replaces a later one.  ``also_called`` are names that people
    give the overlay folder by mistake.  ``parts`` are classes, which are called with the engine's name, or their
    places, ``module:class``.
    """

    name: str
    dialects: tuple[str, ...]
    product: str
    overlays: tuple[str, ...]
    also_called: tuple[str, ...]
    parts: Mapping[str, Any]
    made: dict[str, Any] = field(default_factory=dict, compare=False)


_engines: dict[str, Registration] = {}


def register(
    name: str,
    *,
    like: str | None = None,
    dialects: tuple[str, ...] = (),
    product: str | None = None,
    also_called: tuple[str, ...] = (),
    **parts: Any,
) -> None:
    """Register an engine.  Call it before any statement is loaded.

    ``like`` is the name of a registered engine: its parts are used for those that are not given.  Raises PydbError if
    the name or one of the dialects is already registered.
    """
    taken = {dialect for engine in _engines.values() for dialect in engine.dialects}
    dialects = dialects or (name,)
    if name in _engines or not taken.isdisjoint(dialects):
        raise PydbError(f"an engine {shortened(name)} is registered already", hint="choose another name and dialect")
    base = registration(like) if like is not None else None
    overlays = (name, *base.overlays) if base else (name,)
    _engines[name] = Registration(
        name, dialects, product or name, overlays, also_called, {**(base.parts if base else {}), **parts}
    )


def engine_names() -> tuple[str, ...]:
    """The names of all engines, in the order in which they were registered."""
    return tuple(_engines)


def default_engine() -> str:
    """The default engine."""
    return next(iter(_engines))


def registration(name: str) -> Registration:
    """The registration of the engine of that name.  Raises PydbError for an unknown name."""
    if name not in _engines:
        raise PydbError(f"no engine is named {shortened(name)}", hint=f"one of {', '.join(_engines)}")
    return _engines[name]


def readers_of(folder: str | None) -> tuple[str, ...]:
    """The engines that use the statements of an overlay folder; None means the shared files, which all engines use."""
    return tuple(name for name, engine in _engines.items() if folder is None or folder in engine.overlays)


def engine_of_dialect(dialect: str) -> str:
    """The name of the engine to which a SQLAlchemy dialect connects.  Raises PydbError for an unsupported dialect."""
    for engine in _engines.values():
        if dialect in engine.dialects:
            return engine.name
    known = (name for engine in _engines.values() for name in engine.dialects)
    raise PydbError(f"unsupported dialect {shortened(dialect)}", hint=f"one of {', '.join(known)}")


def part(engine: str, kind: str) -> Any:
    """One part of an engine, such as ``rules``; each call returns the same object.

    The calling module declares its type.
    """
    known = registration(engine)
    if kind not in known.made:
        found = known.parts[kind]
        if isinstance(found, str):
            module, _, name = found.partition(":")
            found = getattr(importlib.import_module(module), name)
        known.made[kind] = found(engine)
    return known.made[kind]


register(
    "sqlite",
    product="SQLite",
    also_called=("sqlite3",),
    rules="pydb.engines.sqlite.rules:Sqlite",
    facts="pydb.describe.engines.sqlite_facts:SqliteFacts",
    sessions="pydb.describe.engines.sqlite_session:SqliteSessions",
    syntax="pydb.engines.sqlite.syntax:SqliteSyntax",
    adverse="pydb.prove.engines.sqlite_adverse:SqliteAdverse",
    changes="pydb.describe.engines.sqlite_changes:SqliteChanges",
    migrations="pydb.migrations.engines.sqlite_migrations:SqliteMigrations",
    plans="pydb.usage.engines.sqlite_plans:SqlitePlans",
    usage="pydb.usage.engines.sqlite_usage:SqliteUsage",
    rights="pydb.usage.engines.sqlite_rights:SqliteRights",
    statistics="pydb.usage.engines.sqlite_statistics:SqliteStatistics",
    site="pydb.site.engines.sqlite_site:SqliteSite",
    blocks="pydb.testing.engines.sqlite_blocks:SqliteBlocks",
    folder="pydb.testing.engines.sqlite_folder:sqlite_folder",
)
register(
    "postgresql",
    product="PostgreSQL",
    also_called=("postgres", "pg", "pgsql", "psql"),
    rules="pydb.engines.postgresql.rules:Postgresql",
    positions="pydb.engines.postgresql.positions:PostgresqlPositions",
    facts="pydb.describe.engines.postgresql_facts:PostgresqlFacts",
    sessions="pydb.describe.engines.postgresql_session:PostgresqlSessions",
    syntax="pydb.engines.postgresql.syntax:PostgresqlSyntax",
    adverse="pydb.prove.engines.postgresql_adverse:PostgresqlAdverse",
    changes="pydb.describe.engines.postgresql_changes:PostgresqlChanges",
    migrations="pydb.migrations.engines.postgresql_migrations:PostgresqlMigrations",
    plans="pydb.usage.engines.postgresql_plans:PostgresqlPlans",
    usage="pydb.usage.engines.postgresql_usage:PostgresqlUsage",
    rights="pydb.usage.engines.postgresql_rights:PostgresqlRights",
    statistics="pydb.usage.engines.postgresql_statistics:PostgresqlStatistics",
    site="pydb.site.engines.postgresql_site:PostgresqlSite",
    blocks="pydb.testing.engines.postgresql_blocks:PostgresqlBlocks",
    server="pydb.testing.engines.postgresql_server:postgresql_server",
)
register(
    "mariadb",
    product="MariaDB",
    dialects=("mariadb", "mysql"),
    also_called=("mysql", "maria"),
    rules="pydb.engines.mariadb.rules:Mariadb",
    positions="pydb.engines.mariadb.positions:MariadbPositions",
    facts="pydb.describe.engines.mariadb_facts:MariadbFacts",
    sessions="pydb.describe.engines.mariadb_session:MariadbSessions",
    syntax="pydb.engines.mariadb.syntax:MariadbSyntax",
    adverse="pydb.prove.engines.mariadb_adverse:MariadbAdverse",
    changes="pydb.describe.engines.mariadb_changes:MariadbChanges",
    migrations="pydb.migrations.engines.mariadb_migrations:MariadbMigrations",
    plans="pydb.usage.engines.mariadb_plans:MariadbPlans",
    usage="pydb.usage.engines.mariadb_usage:MariadbUsage",
    rights="pydb.usage.engines.mariadb_rights:MariadbRights",
    statistics="pydb.usage.engines.mariadb_statistics:MariadbStatistics",
    site="pydb.site.engines.mariadb_site:MariadbSite",
    blocks="pydb.testing.engines.mariadb_blocks:MariadbBlocks",
    server="pydb.testing.engines.mariadb_server:mariadb_server",
)
