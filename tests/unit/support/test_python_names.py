"""Names that Python accepts."""

from __future__ import annotations

import pytest

from pydb.support.python_names import is_python_name


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("id", True),
        ("größe", True),
        ("_x", True),
        ("class", False),
        ("1a", False),
        ("a-b", False),
        ("", False),
        ("ﬁ", False),
    ],
)
def test_names(name: str, is_one: bool) -> None:
    """A keyword is not a name, and neither is text that Python would read as another name (NFKC)."""
    assert is_python_name(name) is is_one
