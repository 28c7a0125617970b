"""Write the journal of a database that is older than its migrations: the database and the folder in, the journal out.

The migrations are replayed in a scratch database.  Its schema must be equal to that of the database.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.database.error_translation import translated
from pydb.describe.catalogue import without_own_tables
from pydb.describe.changes import Difference, differing, without_new_partitions
from pydb.describe.scratch import existing
from pydb.errors import MigrationError
from pydb.migrations.files import Migration, read_migrations
from pydb.migrations.plan import State, check_number, steps
from pydb.migrations.replay import replayed
from pydb.migrations.runner import locked

__all__ = ["baseline"]

_SHOWN = 5
"""The maximum number of differences in an error message."""


def baseline(db: Database, url: URL, folder: str, number: int | None = None) -> list[str]:
    """Record the migrations up to ``number``, by default all, as applied, without running them; return their names.

    ``url`` is the URL of the database, with its password.  Raises MigrationError if the schema of the database differs
    from that of the migrations.
    """
    engine = db.rules.name
    migrations = read_migrations(folder, engine)
    check_number(number, migrations)
    wanted = [migration for migration in migrations if number is None or migration.version <= number]
    if not wanted:
        raise MigrationError("the folder has no migrations", file=folder, hint="pydb migrate draft baseline writes one")
    with locked(db) as run, run.connection() as conn:
        journal = run.own.journal(conn)
        rows = journal.rows()
        known = steps(migrations, rows)
        for step in known:
            if step.error is not None and step.state is not State.LATE:
                raise step.error
        _compare(engine, url, wanted)
        with translated(db.rules):
            run.create_journal(conn)
            new = [migration for migration in wanted if migration.version not in rows]
            for migration in new:
                journal.add(migration)
    return [migration.name for migration in new]


def _compare(engine: str, url: URL, migrations: Sequence[Migration]) -> None:
    with replayed(engine, url, migrations) as replay, existing(url) as live:
        with replay.session() as session:
            spaces = session.catalogue.namespaces
            expected = without_own_tables(session.fingerprint(spaces))
        found = without_own_tables(live.fingerprint(spaces))
    differences = without_new_partitions(differing(found, expected))
    if not differences:
        return
    named = [f"{item.name} {_what(item)}" for item in differences]
    more = f", and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    raise MigrationError(
        f"the database differs from the schema after {migrations[-1].name}.sql: {', '.join(named[:_SHOWN])}{more}",
        hint="give the number of the last migration that the database has, or make the migrations match its schema",
    )


def _what(item: Difference) -> str:
    if item.have is None:
        return "is missing"
    return "is not in the migrations" if item.want is None else "differs"
