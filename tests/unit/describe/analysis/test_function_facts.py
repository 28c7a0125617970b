"""The kind of a function that a call uses on an engine."""

from __future__ import annotations

import pytest
from sqlglot import exp

from pydb.describe.analysis.function_facts import is_aggregate, is_known
from pydb.describe.analysis.syntax import parse
from pydb.describe.facts import facts_of
from pydb.engines import engine_names


def call(sql: str, engine: str) -> exp.Expr:
    """The first item of a select list."""
    tree = parse(f"SELECT {sql} FROM t", engine)
    assert tree is not None
    return tree.expressions[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("engine", engine_names())
def test_aggregates(engine: str) -> None:
    """A function that makes one row from many is an aggregate, on every engine."""
    facts = facts_of(engine)
    assert is_aggregate(call("count(*)", engine), facts)
    assert is_aggregate(call("json_objectagg(a, b)", engine), facts)
    assert not is_aggregate(call("lower(a)", engine), facts)


def test_unknown_functions() -> None:
    """An unknown function may be an aggregate, unless the engine refuses a bare column beside an aggregate."""
    assert is_aggregate(call("my_own(a)", "sqlite"), facts_of("sqlite"))
    assert not is_aggregate(call("my_own(a)", "postgresql"), facts_of("postgresql"))
    assert not is_known(call("my_own(a)", "postgresql"), facts_of("postgresql"))
    assert is_known(call("lower(a)", "postgresql"), facts_of("postgresql"))
    assert is_known(call("gen_random_uuid()", "postgresql"), facts_of("postgresql"))
