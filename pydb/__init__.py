"""A raw-SQL-first data layer on SQLAlchemy Core: .sql files in, immutable records out.

``load`` a folder of .sql files, open a ``Database``, and call the statements with its connections.  docs/sql-files.md
describes the format, ``pydb.errors`` the errors.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydb import errors
    from pydb.database import Database
    from pydb.database.async_database import AsyncDatabase
    from pydb.errors import AlreadyDone
    from pydb.migrations import migrate
    from pydb.queries import Queries, load
    from pydb.statement import Statement
    from pydb.support.absent import ABSENT, Absent
    from pydb.values.kinds import JSON_NULL, AwareDatetime, IPAddress, IPNetwork, Json

__all__ = [
    "ABSENT",
    "JSON_NULL",
    "Absent",
    "AlreadyDone",
    "AsyncDatabase",
    "AwareDatetime",
    "Database",
    "IPAddress",
    "IPNetwork",
    "Json",
    "Queries",
    "Statement",
    "errors",
    "load",
    "migrate",
]

# Imported at the first use: pytest imports pydb, for its plugin, in every project where pydb is installed.
_HOMES = {
    "pydb.database": ("Database",),
    "pydb.database.async_database": ("AsyncDatabase",),
    "pydb.errors": ("AlreadyDone",),
    "pydb.migrations": ("migrate",),
    "pydb.queries": ("Queries", "load"),
    "pydb.statement": ("Statement",),
    "pydb.support.absent": ("ABSENT", "Absent"),
    "pydb.values.kinds": ("JSON_NULL", "AwareDatetime", "IPAddress", "IPNetwork", "Json"),
}
_LAZY = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "errors":
        return importlib.import_module("pydb.errors")
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    try:
        home = importlib.import_module(_LAZY[name])
    except ImportError as error:
        if name != "AsyncDatabase":
            raise
        from pydb.errors import OptionError

        missing = error.name or "greenlet"
        raise OptionError(
            f"AsyncDatabase needs {missing}, not installed here", hint="pip install 'pydb[async]'"
        ) from None
    globals()[name] = value = getattr(home, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
