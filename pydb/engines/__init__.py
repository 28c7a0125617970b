"""The engines by name and by SQLAlchemy dialect.  All that is true of one engine only stands in its file here."""

from __future__ import annotations

from pydb.engines.base import Failure, Rules, Settings
from pydb.engines.mariadb import Mariadb
from pydb.engines.postgresql import Postgresql
from pydb.engines.sqlite import Sqlite
from pydb.errors import PydbError

__all__ = ["ALL", "Failure", "Rules", "Settings", "rules_for"]

ALL: tuple[Rules, ...] = (Sqlite(), Postgresql(), Mariadb())

_by_dialect = {dialect: rules for rules in ALL for dialect in rules.dialects}


def rules_for(dialect: str) -> Rules:
    """The rules of the engine that a SQLAlchemy dialect speaks to.

    Raises PydbError when it is none of pydb's.
    """
    if dialect not in _by_dialect:
        raise PydbError(f"pydb has no rules for the dialect {dialect}", hint=f"one of {', '.join(sorted(_by_dialect))}")
    return _by_dialect[dialect]
