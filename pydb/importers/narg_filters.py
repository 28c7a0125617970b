"""Turn filters that NULL disables into optional lines: a statement with ``sqlc.narg`` in, the new statement out.

``AND (sqlc.narg('role') IS NULL OR role = sqlc.narg('role'))`` is ``AND role = :role -- if :role``, and
``SET name = coalesce(sqlc.narg('name'), name)`` is ``name = :name, -- if :name``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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


_NOT_CODE = re.compile(r"""'(?:''|[^'])*'|"[^"]*"|--[^\n]*|/\*.*?\*/|\$\$.*?\$\$""", re.DOTALL)
_CLAUSE = re.compile(r"\b(?:SET|WHERE|FROM|ON|VALUES|SELECT|RETURNING)\b", re.IGNORECASE)


def with_optional_lines(one: Imported) -> Imported:
    """The statement with an optional line for each filter or item that NULL disables.

    The statement is unchanged if its lines cannot be moved.
    """
    if any("\n" in found[0].rstrip("\n") for found in _NOT_CODE.finditer(one.sql)):
        return one  # a string over several lines: they are not lines of the statement
    sql = _replaced(_FIRST_FILTER, _first, one.sql)
    sql = _replaced(_FILTER, _filter, sql)
    sql = _replaced(_SET, _item, sql)
    if sql == one.sql:
        return one
    sql = re.sub(r"\n[ \t]+(?=WHERE\b)", "\n", re.sub(r"[ \t]*\n([ \t]*\n)*", "\n", sql), flags=re.IGNORECASE)
    return replace(one, sql=sql, changes=(*one.changes, "a filter or item that NULL disables is now an optional line"))


def _replaced(pattern: re.Pattern[str], made: Callable[[re.Match[str]], str], sql: str) -> str:
    """The text with the matches in code replaced.  A match with a comment stays: the comment would hide code."""
    outside = [found.span() for found in _NOT_CODE.finditer(sql)]

    def one(found: re.Match[str]) -> str:
        is_code = not any(start <= found.start() < end for start, end in outside)
        return made(found) if is_code and "--" not in found[0] and "/*" not in found[0] else found[0]

    return pattern.sub(one, sql)


def _first(found: re.Match[str]) -> str:
    return f"WHERE\n    TRUE\n    AND {_plain(found['condition'])} -- if :{found['name']}\n"


def _filter(found: re.Match[str]) -> str:
    return f"\n    AND {_plain(found['condition'])} -- if :{found['name']}\n"


def _item(found: re.Match[str]) -> str:
    clauses = _CLAUSE.findall(found.string, 0, found.start())
    if not clauses or clauses[-1].upper() != "SET":
        return found[0]  # a condition that is not true for NULL
    comma = "," if found["comma"] else ""
    return f"\n    {found['column']} = sqlc.arg({found['name']}){comma} -- if :{found['name']}\n"


def _plain(condition: str) -> str:
    """The condition on one line, in parentheses if it contains OR."""
    text = re.sub(r"sqlc\.narg\s*\(", "sqlc.arg(", " ".join(condition.split()), flags=re.IGNORECASE)
    return f"({text})" if re.search(r"\bOR\b", text, re.IGNORECASE) else text
