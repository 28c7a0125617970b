"""Make plans on SQLite: a session and a described statement in; the plan, as SQLite's shell prints it, out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydb.describe import DescribedStatement
from pydb.describe.session import Refused
from pydb.sqlfile.definition import Placeholder
from pydb.sqlfile.rendering import render
from pydb.usage.plans import EnginePlans

__all__ = ["SqlitePlans"]

NOTHING_READ = "(no table is read)"
"""The plan of a statement for which SQLite prints nothing, such as an INSERT of values."""


class SqlitePlans(EnginePlans):
    """Plans of the SQLite library of Python, which also runs the statements."""

    def plan(self, session: Any, described: DescribedStatement) -> str:
        sql = render(described.form.parts, _spelled)
        values = dict.fromkeys(described.definition.parameters)
        try:
            rows = session.older.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        except sqlite3.Error as error:
            raise Refused(str(error)) from None
        children: dict[int, list[tuple[int, str]]] = {}
        for number, parent, _, detail in rows:
            children.setdefault(parent, []).append((number, detail))
        return "\n".join(_tree(children, 0)) or NOTHING_READ


def _spelled(placeholder: Placeholder) -> str:
    name = f":{placeholder.name}"
    return f"({name}, {name})" if placeholder.sequence else name


def _tree(children: Mapping[int, Sequence[tuple[int, str]]], parent: int) -> Iterator[str]:
    """The lines below a node, drawn as SQLite's shell does."""
    below = children.get(parent, ())
    for place, (number, detail) in enumerate(below, 1):
        last = place == len(below)
        yield f"{'`--' if last else '|--'}{detail}"
        for line in _tree(children, number):
            yield f"{'   ' if last else '|  '}{line}"
