"""Rights on PostgreSQL, as GRANT spells them."""

from __future__ import annotations

import pytest

from pydb.errors import PydbError
from pydb.usage.rights import Right, rights_of

RIGHTS = rights_of("postgresql")


def test_grants() -> None:
    """There is a statement for each object, with columns in brackets, and schemas are first."""
    rights = [
        Right("function", "f(integer)", "EXECUTE"),
        Right("table", '"t"', "SELECT", "b"),
        Right("table", '"t"', "SELECT", 'a"'),
        Right("table", '"t"', "DELETE"),
        Right("schema", '"app"', "USAGE"),
        Right("sequence", '"s"', "USAGE"),
    ]
    assert RIGHTS.grants(rights, '"r"') == [
        'GRANT USAGE ON SCHEMA "app" TO "r"',
        'GRANT DELETE, SELECT ("a""", "b") ON "t" TO "r"',
        'GRANT USAGE ON SEQUENCE "s" TO "r"',
        'GRANT EXECUTE ON FUNCTION f(integer) TO "r"',
    ]
    assert RIGHTS.revokes(rights[:1], '"r"') == ['REVOKE EXECUTE ON FUNCTION f(integer) FROM "r"']


def test_a_role() -> None:
    """A role's name is quoted, whatever it contains."""
    assert RIGHTS.role('a"; DROP TABLE t; --') == '"a""; DROP TABLE t; --"'


@pytest.mark.parametrize("name", ["", "a\0b", "ä" * 32])
def test_what_cannot_be_a_role(name: str) -> None:
    """A name that the server would refuse, or truncate, is refused."""
    with pytest.raises(PydbError, match="1 to 63 bytes"):
        RIGHTS.role(name)
