"""Filters that are switched off by NULL: a statement of sqlc's with ``sqlc.narg`` in, with optional lines out.

``AND (sqlc.narg('role') IS NULL OR role = sqlc.narg('role'))`` is ``AND role = :role -- if :role``, and
``SET name = coalesce(sqlc.narg('name'), name)`` is ``name = :name, -- if :name``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pydb.importers.imported import Imported

__all__ = ["with_optional_lines"]

_NARG = r"sqlc\.narg\s*\(\s*'?(?P<{0}>\w+)'?\s*\)(?:\s*::\s*\w+(?:\[\])*)?"
_FILTER = re.compile(
    rf"\s+AND\s+\(\s*{_NARG.format('name')}\s+IS\s+NULL\s+OR\s+(?P<condition>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*?)\s*\)"
    r"(?=\s|;|\Z)",
    re.IGNORECASE,
)
_FIRST_FILTER = re.compile(
    rf"\bWHERE\s+\(\s*{_NARG.format('name')}\s+IS\s+NULL\s+OR\s+(?P<condition>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*?)\s*\)"
    r"(?=\s|;|\Z)",
    re.IGNORECASE,
)
_SET = re.compile(
    rf"(?P<column>\w+)\s*=\s*coalesce\(\s*{_NARG.format('name')}\s*,\s*(?:\w+\.)?(?P=column)\s*\)(?P<comma>\s*,)?",
    re.IGNORECASE,
)


def with_optional_lines(one: Imported) -> Imported:
    """The statement with a line of its own for each such filter and item."""
    sql = _FIRST_FILTER.sub(_first, one.sql)
    sql = _FILTER.sub(_filter, sql)
    sql = _SET.sub(_item, sql)
    if sql == one.sql:
        return one
    sql = re.sub(r"\n[ \t]+(?=WHERE\b)", "\n", re.sub(r"[ \t]*\n([ \t]*\n)*", "\n", sql), flags=re.IGNORECASE)
    return replace(one, sql=sql, changes=(*one.changes, "a filter or item that NULL switched off is an optional line"))


def _first(found: re.Match[str]) -> str:
    return f"WHERE\n    TRUE\n    AND {_plain(found['condition'])} -- if :{found['name']}\n"


def _filter(found: re.Match[str]) -> str:
    return f"\n    AND {_plain(found['condition'])} -- if :{found['name']}\n"


def _item(found: re.Match[str]) -> str:
    comma = "," if found["comma"] else ""
    return f"\n    {found['column']} = sqlc.arg({found['name']}){comma} -- if :{found['name']}\n"


def _plain(condition: str) -> str:
    """The condition on one line, with values that are there."""
    return re.sub(r"sqlc\.narg\s*\(", "sqlc.arg(", " ".join(condition.split()), flags=re.IGNORECASE)
