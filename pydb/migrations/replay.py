"""Replay migrations: an engine, a server and migrations in; a scratch database with the applied migrations out.

The schema script is applied to another scratch database, so that the two can be compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.describe.scratch import existing, scratch
from pydb.describe.session import Session, sessions_of
from pydb.migrations.files import Migration
from pydb.migrations.journal import TABLE
from pydb.migrations.runner import apply_migrations

__all__ = ["Replay", "replayed", "schema_fingerprint", "without_journal"]


@dataclass(frozen=True, slots=True)
class Replay:
    """A scratch database; ``db`` runs statements in it, and ``url`` is its address."""

    db: Database
    url: URL

    def fingerprint(self, spaces: Collection[str] = ()) -> dict[str, str]:
        """The fingerprint of the current catalogue, without the journal."""
        with existing(self.url) as session:
            return without_journal(session.fingerprint(spaces))

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that describes statements with the current catalogue."""
        with existing(self.url) as session:
            yield session


@contextmanager
def replayed(engine: str, url: URL | None, migrations: Sequence[Migration], to: int | None = None) -> Iterator[Replay]:
    """A scratch database, on the URL's server or in a file, with the migrations up to the number ``to``.

    Drafts are applied too.  Raises MigrationError and SqlFileError for a migration that cannot be applied, and
    PydbError if no database can be created.
    """
    with sessions_of(engine).database(url) as own, Database(own) as db:
        apply_migrations(db, migrations, to=to, drafts=True)
        yield Replay(db, own)


def schema_fingerprint(engine: str, url: URL | None, schema: str) -> dict[str, str]:
    """The fingerprint of a schema script.  Raises SqlFileError if the engine refuses the script."""
    with scratch(url, schema) as session:
        assert session.engine == engine
        return without_journal(session.fingerprint())


def without_journal(fingerprint: Mapping[str, str]) -> dict[str, str]:
    """A fingerprint without the journal of migrations."""
    return {name: text for name, text in fingerprint.items() if TABLE not in name}
