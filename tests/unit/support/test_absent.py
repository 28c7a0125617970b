"""The value for an argument that is left out."""

from __future__ import annotations

import copy
import pickle

import pytest

from pydb import ABSENT, Absent


def test_there_is_one() -> None:
    """Copies and pickles are the one member itself, and its repr is what a user imports."""
    assert list(Absent) == [ABSENT]
    assert copy.deepcopy(ABSENT) is pickle.loads(pickle.dumps(ABSENT)) is ABSENT
    assert repr([ABSENT]) == "[pydb.ABSENT]"


def test_it_is_neither_true_nor_false() -> None:
    """Testing its truth raises an error, in whatever way it is written."""
    for test in (bool, lambda value: not value, lambda value: value or None):
        with pytest.raises(TypeError, match=r"neither true nor false; compare with: is pydb\.ABSENT"):
            test(ABSENT)
