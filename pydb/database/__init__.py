"""Connect and run transactions: a database URL in, Core connections in a transaction out; errors become pydb's."""

from pydb.database.database import Database

__all__ = ["Database"]
