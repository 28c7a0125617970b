"""The types that functions require of their arguments."""

from __future__ import annotations

import pytest
from sqlglot import exp

from pydb.describe.analysis.argument_types import asked_type
from pydb.describe.analysis.syntax import parse
from pydb.describe.facts import facts_of


@pytest.mark.parametrize(
    ("call", "engine", "asked"),
    [
        ("lpad(name, :a, :b)", "mariadb", ["bigint", "text"]),
        ("substring_index(name, :a, :b)", "mariadb", ["text", "bigint"]),
        ("insert(name, :a, :b, :c)", "mariadb", ["bigint", "bigint", "text"]),
        ("locate(:a, name, :b)", "mariadb", ["text", "bigint"]),
        ("day + INTERVAL :a DAY", "mariadb", ["bigint"]),
        ("date_add(day, INTERVAL :a HOUR)", "mariadb", ["bigint"]),
        ("year(:a)", "mariadb", ["datetime"]),
        ("date(:a)", "mariadb", ["datetime"]),
        ("date_format(:a, :b)", "mariadb", ["datetime", "text"]),
        ("MATCH (name) AGAINST (:a)", "mariadb", ["text"]),
        ("concat_ws(:a, name, :b)", "mariadb", ["text", "text"]),
        ("date(:a)", "sqlite", ["text"]),
        ("date(:a, :b)", "sqlite", ["text", "text"]),
        ("strftime(:a, :b)", "sqlite", ["text", "text"]),
        ("json_set(doc, :a, :b)", "sqlite", ["text", None]),
        ("json_object('k', :a)", "sqlite", [None]),
        ("doc ->> :a", "sqlite", ["text"]),
        ("printf(:a, :b)", "sqlite", ["text", None]),
        ("json_array(:a)", "sqlite", [None]),
        ("abs(:a)", "sqlite", [None]),
        ("hex(:a)", "sqlite", [None]),
        ("unheard_of(:a)", "sqlite", [None]),
    ],
)
def test_asked_types(call: str, engine: str, asked: list[str | None]) -> None:
    """Each argument has the type that the engine's function requires, and no type if it accepts several."""
    tree = parse(f"SELECT {call} FROM t", engine)
    assert tree is not None
    found = {str(node.this): asked_type(node, facts_of(engine)) for node in tree.find_all(exp.Placeholder)}
    assert [found[name] for name in sorted(found)] == asked
