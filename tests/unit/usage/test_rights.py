"""The rights that statements need together."""

from __future__ import annotations

from pydb.usage.rights import Needs, Right, is_like, resolved, rights_of

COLUMN = Right("table", '"t"', "SELECT", "a")
OTHER = Right("table", '"t"', "SELECT", "b")


def test_some_column() -> None:
    """Any column of a table may be one that another statement needs, or else the named one."""
    counting = Needs(some=frozenset({COLUMN}))
    assert resolved([counting]) == {COLUMN}
    assert resolved([counting, Needs(rights=frozenset({OTHER}))]) == {OTHER}


def test_like() -> None:
    """A right is equivalent on any column, and for the next value of a sequence also UPDATE is."""
    assert is_like(OTHER, COLUMN)
    assert not is_like(OTHER._replace(privilege="UPDATE"), COLUMN)
    assert not is_like(OTHER._replace(target='"u"'), COLUMN)
    assert not is_like(OTHER._replace(column=None, privilege="DELETE"), COLUMN)
    sequence = Right("sequence", '"s"', "USAGE")
    assert is_like(sequence._replace(privilege="UPDATE"), sequence)
    assert not is_like(sequence._replace(privilege="SELECT"), sequence)


def test_which_engines_have_rights() -> None:
    """The default engine has no rights."""
    assert [rights_of(engine).has_rights for engine in ("sqlite", "postgresql", "mariadb")] == [False, True, True]
