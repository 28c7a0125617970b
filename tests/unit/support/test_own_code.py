"""The digest of pydb's own code."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pydb.support import own_code
from pydb.support.own_code import code_digest


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of pydb whose digest is computed."""
    folder = tmp_path / "pydb"
    shutil.copytree(own_code.PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(own_code, "PACKAGE", folder)
    code_digest.cache_clear()
    yield folder
    code_digest.cache_clear()


def digest() -> bytes | None:
    code_digest.cache_clear()
    return code_digest()


def test_any_module_counts(copy: Path) -> None:
    """A change of one byte of a module, an added module and a removed one change the digest; the sample does not."""
    before = digest()
    assert before == digest()
    (copy / "sample" / "users.py").unlink()
    assert digest() == before
    module = copy / "describe" / "analysis" / "value.py"
    module.write_bytes(module.read_bytes().replace(b"worst", b"Worst", 1))
    changed = digest()
    assert changed != before
    (copy / "describe" / "more.py").touch()
    assert digest() not in (before, changed)
    module.unlink()
    (copy / "describe" / "more.py").unlink()
    assert digest() not in (before, changed)


def test_code_that_cannot_be_read(copy: Path) -> None:
    """If the modules are not in files, there is no digest."""
    shutil.rmtree(copy)
    assert digest() is None
