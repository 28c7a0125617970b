"""The statistics of each engine."""

import pytest

from pydb.engines import engine_names
from pydb.errors import PydbError
from pydb.usage.statistics import statistics_of


@pytest.mark.parametrize("engine", engine_names())
def test_each_engine_has_a_normal_form(engine: str) -> None:
    """A list is one value in the normal form, on every engine."""
    normal = statistics_of(engine).normal
    assert normal("SELECT a FROM t WHERE a IN (:x);") == normal("/* t.x */ SELECT a FROM t WHERE a IN (1, 2)")


def test_an_unknown_engine() -> None:
    """An unregistered engine has no statistics."""
    with pytest.raises(PydbError, match="no engine is named nosuch"):
        statistics_of("nosuch")
