"""Literals, and the part of each engine that provides them."""

import pytest

from pydb.engines import engine_names
from pydb.errors import PydbError
from pydb.prove.adverse import AdverseValues, Literals, adverse_of


def test_a_template_holds_each_literal() -> None:
    """A mapped template has every literal in its place, also one with braces."""
    literals = Literals(("'{}'", "1"), ("2",), (), ("{}",)).mapped("CAST({} AS t)")
    assert literals == Literals(("CAST('{}' AS t)", "CAST(1 AS t)"), ("CAST(2 AS t)",), (), ("CAST({} AS t)",))


def test_every_engine_has_adverse_values() -> None:
    """Each registered engine has adverse values."""
    assert all(isinstance(adverse_of(engine), AdverseValues) for engine in engine_names())


def test_an_unknown_engine_has_none() -> None:
    """An engine that is not registered is refused by name."""
    with pytest.raises(PydbError, match="oracle"):
        adverse_of("oracle")
