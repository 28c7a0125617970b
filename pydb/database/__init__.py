"""A database URL in, Core connections in the right kind of transaction out; errors of the database become pydb's."""

from pydb.database.database import Database

__all__ = ["Database"]
