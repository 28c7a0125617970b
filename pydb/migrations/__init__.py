"""Migrate databases with plain SQL: a database and a folder of numbered files in, a changed database out."""

from pydb.migrations.runner import migrate

__all__ = ["migrate"]
