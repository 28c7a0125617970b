"""The same statement, the same rows and the same parameters give the same answer on all engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pydb import Database
from pydb.sample import queries
from tests.integration.sample.calls import CALLS

CLOCKS = {"created_at", "hired_on"}
"""Fields that the engine's clock fills."""


def plain(value: Any) -> Any:
    """An answer as types and values; of a clock's time, whether it is now."""
    if is_dataclass(value):
        return [type(value).__name__, {f.name: _field(f.name, getattr(value, f.name)) for f in fields(value)}]
    if isinstance(value, (list, tuple, Iterator)):
        return [plain(item) for item in value]
    return [type(value).__name__, value]


def _field(name: str, value: Any) -> Any:
    if name in CLOCKS and isinstance(value, datetime):
        return ["now", value.tzinfo, abs(datetime.now(UTC) - value) < timedelta(minutes=5)]
    if name in CLOCKS and isinstance(value, date):
        return ["today", abs(datetime.now(UTC).date() - value) <= timedelta(days=1) or value]
    return plain(value)


def answers(url: str) -> list[Any]:
    """What each call of CALLS returns on that database."""
    found = []
    with Database(url) as db, db.begin() as conn:
        for name, parameters in CALLS:
            if isinstance(parameters, list):
                found.append(plain(queries[name](conn, parameters)))
            else:
                found.append(plain(queries[name](conn, **parameters)))
    return found


@pytest.fixture
def answered(sample_urls: dict[str, str]) -> dict[str, list[Any]]:
    return {engine: answers(url) for engine, url in sample_urls.items()}


def test_engines_agree(answered: dict[str, list[Any]]) -> None:
    """Every statement returns equal values of equal types in the same order on all three engines."""
    asked = [f"{name} {parameters}" for name, parameters in CALLS]
    expected = list(zip(asked, answered["sqlite"], strict=True))
    for engine in ("postgresql", "mariadb"):
        different = [
            f"{engine}: {call}\n  sqlite: {sqlite}\n  here:   {here}"
            for (call, sqlite), here in zip(expected, answered[engine], strict=True)
            if here != sqlite
        ]
        assert not different, "\n".join(different)


def test_every_statement_is_asked() -> None:
    """A statement that was added to sql/ without a call in calls.py fails here."""
    assert {name for name, _ in CALLS} == {query.name for query in queries}
