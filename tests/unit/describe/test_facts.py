"""The facts of an engine: those that are not said are what most engines do."""

from __future__ import annotations

import pytest

from pydb.describe.analysis.value import UNKNOWN
from pydb.describe.facts import EngineFacts, facts_of
from pydb.engines import engine_names
from pydb.errors import PydbError


def test_what_most_engines_do() -> None:
    """An engine that says nothing folds names to small letters, and its operators are strict."""
    facts = EngineFacts("other")
    assert facts.fold_table("A", quoted=True) == facts.fold_column("A", quoted=False) == "a"
    assert not facts.cast_may_be_null(UNKNOWN, "int")
    assert not facts.substring_may_be_null(UNKNOWN, [])
    assert facts.average_type("integer") == "numeric"


@pytest.mark.parametrize("engine", engine_names())
def test_lists_do_not_overlap(engine: str) -> None:
    """No function is on two lists that say different things of it."""
    facts = facts_of(engine)
    assert facts.name == engine
    assert not facts.strict & facts.always
    assert not facts.strict_names & facts.always_names
    assert not facts.scalar_names & (facts.strict_names | facts.always_names)


def test_an_unknown_engine() -> None:
    """Facts of an engine that is not registered are asked for in vain."""
    with pytest.raises(PydbError, match="no engine is named oracle"):
        facts_of("oracle")
