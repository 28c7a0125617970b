"""The events of a run of migrations: the runner's calls in; messages of the command line, or nothing, out."""

from __future__ import annotations

from pydb.migrations.files import Migration

__all__ = ["Progress"]


class Progress:
    """The receiver of the events of a run.  The methods of this class do nothing."""

    def waiting(self) -> None:
        """This process waits for another process that migrates the database."""

    def begins(self, migration: Migration) -> None:
        """A migration begins; with ``down``, a migration begins to be undone."""

    def statement(self, migration: Migration, number: int) -> None:
        """The statement with this number, counted from 0, begins."""

    def applied(self, migration: Migration) -> None:
        """A migration was applied, or with ``down`` undone, and committed."""
