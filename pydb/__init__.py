"""A raw-SQL-first data layer on SQLAlchemy Core: .sql files in, immutable records out.

``load`` a folder of .sql files, open a ``Database``, call the statements with its connections; docs/sql-files.md
has the format, ``pydb.errors`` the errors.
"""

from pydb import errors
from pydb.database import Database
from pydb.execution import load
from pydb.queries import Queries
from pydb.statement import Statement
from pydb.types import AwareDatetime

__all__ = ["AwareDatetime", "Database", "Queries", "Statement", "errors", "load"]
