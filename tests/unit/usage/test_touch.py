"""The classes of touches."""

from __future__ import annotations

import pytest

from pydb.usage.touch import Act, Touch


@pytest.mark.parametrize(("act", "access"), [(Act.SELECT, "read"), (Act.LOCK, "read"), (Act.DELETE, "write")])
def test_access(act: Act, access: str) -> None:
    """Locking rows reads them, and changing rows writes them."""
    assert Touch("users", None, act, 1).access == access


def test_name() -> None:
    """A column's name has its table's name before it."""
    assert Touch("users", None, Act.SELECT, 1).name == "users"
    assert Touch("app.users", "id", Act.SELECT, 1).name == "app.users.id"
