"""Write the message of a finding: a refutation and the case that shows it in; the message out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydb.prove.answers import AnswerDifference
from pydb.prove.causes import Seen, likely_cause
from pydb.prove.smallest import Case
from pydb.prove.trial import Refutation

__all__ = ["message_of"]

_LONGEST = 300
"""The maximum number of characters for an answer, and for the rows of a table."""


def message_of(refutation: Refutation, case: Case, sql: str) -> str:
    """The message: the result, the call, the rows, and if two engines differ, the likely cause."""
    shown = f"{_call(case)} on {_rows(case)}"
    if refutation.difference is None:
        answer = refutation.answer
        assert answer is not None
        what = f"{answer.broken or answer.error}: {answer.text}"
        return f"{refutation.engines[0]}: {what}; {shown}"
    cause = likely_cause(Seen(sql, refutation.difference, list(case.values)))
    return f"{_different(refutation.difference, refutation.engines)}; {shown}; likely cause: {cause}"


def _different(found: AnswerDifference, engines: tuple[str, ...]) -> str:
    place = f"{found.where}.{found.column}" if found.where and found.column else found.column or found.where or ""
    here, there = (
        f"{engine} {_value(value)}" for engine, value in zip(engines, (found.here, found.there), strict=True)
    )
    return f"{place + ': ' if place else ''}{here}, {there}"


def _value(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, tuple) for item in value):
        rows = [repr(item[0]) if len(item) == 1 else repr(item) for item in value]
        return _short(f"[{', '.join(rows)}]")
    return _short(value if isinstance(value, str) and value.isidentifier() else repr(value))


def _call(case: Case) -> str:
    given, named = case.arguments
    return _short(f"call ({', '.join([*map(repr, given), *_pairs(named)])})")


def _rows(case: Case) -> str:
    written = {name: [f"({', '.join(_pairs(row))})" for row in rows] for name, rows in case.rows.items() if rows}
    tables = [f"{name} {', '.join(rows)}" for name, rows in written.items()]
    return _short("; ".join(tables), 4 * _LONGEST) or "empty tables"


def _pairs(items: Mapping[str, Any]) -> Iterable[str]:
    return (f"{name}={value!r}" for name, value in items.items())


def _short(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
