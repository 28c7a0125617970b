"""What a run of migrations reports as it goes on; the command line shows it, the library ignores it."""

from __future__ import annotations

from pydb.migrations.files import Migration

__all__ = ["Progress"]


class Progress:
    """Its methods are called as migrations run; these do nothing."""

    def waiting(self) -> None:
        """Another process migrates the database; this one waits for it."""

    def begins(self, migration: Migration) -> None:
        """The migration begins, or with ``down`` its undoing."""

    def statement(self, migration: Migration, number: int) -> None:
        """The statement of this number, from 0, begins."""

    def applied(self, migration: Migration) -> None:
        """The migration is applied, or with ``down`` undone, and committed."""
