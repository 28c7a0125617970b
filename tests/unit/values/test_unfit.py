"""Names of values that Python cannot represent exactly."""

from datetime import timedelta
from typing import ClassVar

from pydb.values.unfit import Altered, Unreadable, altered_class, given_class


class _Shortened(timedelta, Altered):
    __slots__ = ()

    what: ClassVar[str] = "a long time"


def test_altered_values_are_found_in_lists() -> None:
    """An altered value is found alone, in a list, and in a list of lists; other values are not."""
    value = _Shortened(days=1)
    assert [altered_class(item) for item in (value, [None, value], [[value]])] == [_Shortened] * 3
    assert [altered_class(item) for item in (timedelta(1), [timedelta(1)], None)] == [None] * 3


def test_the_class_that_an_error_names() -> None:
    """A value is named by its class, and a list with an altered value by that value's class."""
    assert [given_class(item) for item in ([_Shortened(days=1)], [1], 1)] == [_Shortened, list, int]


def test_messages() -> None:
    """A message names the column if it is known."""
    assert Unreadable("at", "a long time").message == "column at contains a long time"
    assert Unreadable(None, "a long time").message == "a column contains a long time"
