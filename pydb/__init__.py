"""A raw-SQL-first data layer on SQLAlchemy Core: .sql files in, immutable records out.

``load`` a folder of .sql files, open a ``Database``, call the statements with its connections; docs/sql-files.md
has the format, ``pydb.errors`` the errors.
"""

import importlib
from typing import TYPE_CHECKING, Any

from pydb import errors
from pydb.database import Database
from pydb.errors import AlreadyDone
from pydb.values.kinds import JSON_NULL, AwareDatetime, IPAddress, IPNetwork, Json

if TYPE_CHECKING:
    from pydb.queries import Queries, load
    from pydb.statement import Statement

__all__ = [
    "JSON_NULL",
    "AlreadyDone",
    "AwareDatetime",
    "Database",
    "IPAddress",
    "IPNetwork",
    "Json",
    "Queries",
    "Statement",
    "errors",
    "load",
]

# What reads .sql files is imported when it is first asked for: half of the time that `import pydb` would take.
_LAZY = {"Queries": "pydb.queries", "Statement": "pydb.statement", "load": "pydb.queries"}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    globals()[name] = value = getattr(importlib.import_module(_LAZY[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
