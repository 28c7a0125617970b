"""Migrations in plain SQL: a database and a folder of numbered files in; the files applied, in their order, out."""

from pydb.migrations.runner import migrate

__all__ = ["migrate"]
