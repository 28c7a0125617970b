"""The findings of type checkers in pydb, in the sample's package and in tests/typing, which uses it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.harness.documents import PROJECT

pytestmark = pytest.mark.deep


def checker(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a type checker of this environment in the repository."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


# In the group of the other tests that use the cache of mypy, because the first one fills it.
@pytest.mark.xdist_group("mypy")
def test_mypy_agrees_with_every_assertion() -> None:
    """mypy --strict infers each asserted type, and finds each line that is marked as a mistake."""
    done = checker("mypy", "tests/typing")
    assert done.returncode == 0, done.stdout


def test_pyright_finds_nothing_in_the_package() -> None:
    """pyright finds nothing in pydb; it infers each asserted type, and finds each line that is marked as a mistake."""
    done = checker("pyright", "--pythonpath", sys.executable)
    assert done.returncode == 0, done.stdout
