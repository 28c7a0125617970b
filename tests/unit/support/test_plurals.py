"""Numbers with their nouns."""

from __future__ import annotations

from pydb.support.plurals import number_of


def test_only_one_thing_is_singular() -> None:
    """Zero and two things have the plural, one thing has the singular."""
    assert [number_of(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]


def test_a_plural_may_be_given() -> None:
    """A noun may have a plural without s."""
    assert number_of(1000, "query", "queries") == "1,000 queries"
