"""Values of results: what each engine makes from a driver's values, without a database."""

from __future__ import annotations

import enum

import pytest

from pydb.engines import engine_names
from pydb.engines.base import Rules, rules_of
from pydb.sqlfile.type_words import Json
from pydb.values.converters import conversion_for
from pydb.values.kinds import Kind
from tests.harness.kinds import KINDS, Colour, Name

ALL = [rules_of(engine) for engine in engine_names()]


@pytest.mark.parametrize("rules", ALL, ids=lambda rules: rules.name)
def test_none_is_no_value(rules: Rules) -> None:
    """Every converter refuses NULL if the kind does not allow it, and otherwise returns None."""
    for _, kind in KINDS:
        never, ever = rules.conversion(Kind(kind.type), None), rules.conversion(Kind(kind.type, True), None)
        if never is None or ever is None:
            continue
        assert ever.value(None) is None
        if kind.type is not Json:
            with pytest.raises(Exception):  # noqa: B017, PT011
                never.value(None)


@pytest.mark.parametrize("rules", ALL, ids=lambda rules: rules.name)
def test_foreign_values(rules: Rules) -> None:
    """No converter accepts an object that its driver never returns."""
    for _, kind in KINDS:
        if kind.type not in (object, Json, Name) and (reading := rules.conversion(kind, None)):
            for foreign in (object(), complex(1, 1), {1}):
                with pytest.raises(Exception):  # noqa: B017, PT011
                    reading.value(foreign)


def test_enum_readings() -> None:
    """A member is found by its value, a value without a member is refused, and ``_missing_`` may return one."""

    class Grade(enum.Enum):
        GOOD = "good"
        UNKNOWN = "unknown"

        @classmethod
        def _missing_(cls, value: object) -> Grade:
            return cls.UNKNOWN

    plain = conversion_for(Kind(Colour), {str: None})
    lenient = conversion_for(Kind(Grade), {str: None})
    assert plain is not None
    assert lenient is not None
    assert plain.value("red") is Colour.RED
    with pytest.raises(ValueError, match="not a valid Colour"):
        plain.value("blue")
    assert lenient.value("bad") is Grade.UNKNOWN
    with pytest.raises(TypeError):
        lenient.value(5)
