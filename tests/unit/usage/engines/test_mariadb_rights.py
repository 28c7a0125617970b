"""Rights on MariaDB, as GRANT spells them."""

from __future__ import annotations

import pytest

from pydb.errors import PydbError
from pydb.usage.rights import Right, rights_of

RIGHTS = rights_of("mariadb")


def test_grants() -> None:
    """There is a statement for each object, with columns in brackets."""
    rights = [
        Right("function", "`f`", "EXECUTE"),
        Right("table", "`t`", "SELECT", "b"),
        Right("table", "`t`", "SELECT", "a`"),
        Right("table", "`t`", "DELETE"),
    ]
    assert RIGHTS.grants(rights, "`r`") == [
        "GRANT DELETE, SELECT (`a```, `b`) ON `t` TO `r`",
        "GRANT EXECUTE ON FUNCTION `f` TO `r`",
    ]
    assert RIGHTS.revokes(rights[:1], "`r`") == ["REVOKE EXECUTE ON FUNCTION `f` FROM `r`"]


@pytest.mark.parametrize(
    ("name", "spelled"), [("app", "`app`"), ("app@%", "`app`@`%`"), ("a`@b@localhost", "`a``@b`@`localhost`")]
)
def test_a_role(name: str, spelled: str) -> None:
    """A name is that of a role, or of a user with its host, and is quoted, whatever it contains."""
    assert RIGHTS.role(name) == spelled


@pytest.mark.parametrize("name", ["", "@localhost", "a\0b", "a" * 129])
def test_what_cannot_be_a_role(name: str) -> None:
    """A name that the server would refuse is refused."""
    with pytest.raises(PydbError, match="1 to 128 characters"):
        RIGHTS.role(name)
