"""Classes for optional lines: when a line is included, and the text of the included lines."""

from __future__ import annotations

from pydb.sqlfile.optional_lines import Line, NameKind, OptionalName, assembled, holds, is_there

PASSED = frozenset({"given"})
LINES = (
    Line(1, "SELECT\n", {}, first="SELECT"),
    Line(2, "    a,\n", {}, first="A", comma=5),
    Line(3, "    b, -- B.\n", {"b": PASSED}, first="B", comma=5),
    Line(4, "FROM t\n", {}, first="FROM"),
)


def test_a_guard_holds_when_every_name_has_a_fitting_state() -> None:
    """Conditions are combined by and."""
    assert holds({"a": PASSED, "b": PASSED}, {"a": "given", "b": "given"})
    assert not holds({"a": PASSED, "b": PASSED}, {"a": "given", "b": ""})
    assert is_there(LINES, {"b": ""}) == [True, True, False, True]


def test_the_comma_before_what_is_no_item_goes() -> None:
    """The comma of the last included item is removed, and a comment after it stays."""
    assert assembled(LINES, {"b": ""}) == "SELECT\n    a\nFROM t\n"
    assert assembled(LINES, {"b": "given"}) == "SELECT\n    a,\n    b -- B.\nFROM t\n"
    assert assembled(LINES, {"b": ""}, keep_lines=True) == "SELECT\n    a\n\nFROM t\n"


def test_the_comma_before_the_end_goes() -> None:
    """The statement may end with the items of its list."""
    assert assembled(LINES[:3], {"b": ""}) == "SELECT\n    a\n"
    assert assembled(LINES[:3], {"b": "given"}) == "SELECT\n    a,\n    b -- B.\n"


def test_only_a_choice_has_values() -> None:
    """The first state is that of a call without the name."""
    assert OptionalName("o", NameKind.CHOICE, ("x", "y")).values == ("x", "y")
    assert OptionalName("o", NameKind.CHOICE, ("", "y")).values == ("y",)
    assert OptionalName("v", NameKind.VALUE, ("", "given")).values == ()
