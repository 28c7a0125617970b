"""What is known of a value."""

from pydb.describe.analysis.value import UNKNOWN, Items, worst


def test_the_worst_items() -> None:
    """Of several arrays that one may be, the worst counts; of none, its items are values."""
    assert worst([]) is Items.VALUES
    assert worst([Items.VALUES, Items.NULLABLE]) is Items.NULLABLE
    assert worst([Items.ARRAYS, Items.NULLABLE]) is Items.ARRAYS


def test_an_unknown_value() -> None:
    """What is not known may be NULL and has no type."""
    assert UNKNOWN.nullable
    assert UNKNOWN.type is None
