"""The engines by SQLAlchemy dialect.  All that is true of one engine only stands in its file here.

A file is imported when its engine is first met: a program mostly has one.
"""

from __future__ import annotations

import importlib

from pydb.engines.base import Failure, Rules, Settings
from pydb.errors import PydbError
from pydb.escapes import shortened

__all__ = ["Failure", "Rules", "Settings", "rules_for"]

_CLASSES = {
    "mariadb": "mariadb.Mariadb",
    "mysql": "mariadb.Mariadb",
    "postgresql": "postgresql.Postgresql",
    "sqlite": "sqlite.Sqlite",
}

_made: dict[str, Rules] = {}


def rules_for(dialect: str) -> Rules:
    """The rules of the engine that a SQLAlchemy dialect speaks to.

    Raises PydbError when it is none of pydb's.
    """
    if dialect not in _made:
        if dialect not in _CLASSES:
            raise PydbError(
                f"pydb has no rules for the dialect {shortened(dialect)}", hint=f"one of {', '.join(_CLASSES)}"
            )
        module, _, name = _CLASSES[dialect].partition(".")
        rules: Rules = getattr(importlib.import_module(f"pydb.engines.{module}"), name)()
        _made.update(dict.fromkeys(rules.dialects, rules))
    return _made[dialect]
