"""Facts about a value."""

from pydb.describe.analysis.value import UNKNOWN, Items, worst


def test_the_worst_items() -> None:
    """If a value may be one of several arrays, the least certain one counts; without an array, items are values."""
    assert worst([]) is Items.VALUES
    assert worst([Items.VALUES, Items.NULLABLE]) is Items.NULLABLE
    assert worst([Items.ARRAYS, Items.NULLABLE]) is Items.ARRAYS


def test_an_unknown_value() -> None:
    """An unknown value may be NULL and has no type."""
    assert UNKNOWN.nullable
    assert UNKNOWN.type is None
