"""The Makefile: the output of `make` alone, and its errors."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[2] / "Makefile"

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with only the Makefile, without an environment."""
    shutil.copy(MAKEFILE, tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make without the variables of an outer make."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    return subprocess.run(["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True)


def test_make_alone_lists_every_target(folder: Path) -> None:
    """The help has each target with its description."""
    targets = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE.read_text(), re.MULTILINE)[1].split())  # type: ignore[index]
    listed = re.findall(r"^  ([a-z-]+) +\S", make(folder).stdout, re.MULTILINE)
    assert set(listed) == targets
    assert len(listed) == len(targets)


def test_each_test_belongs_to_one_target(folder: Path) -> None:
    """`make test-deep` and `make test-clusters` run what `make test` leaves out; `make check` runs the first."""
    (folder / ".venv").mkdir()
    (folder / ".venv" / ".installed-dev").touch()
    assert make(folder, "-n", "test").stdout.endswith(' -m "not deep and not clusters"\n')
    assert make(folder, "-n", "test-deep").stdout.endswith(' -m "(deep or hypothesis) and not clusters"\n')
    assert make(folder, "-n", "test-clusters").stdout.endswith(' -m "clusters" tests/clusters\n')
    assert ' -m "not deep and not clusters"' in make(folder, "-n", "check").stdout


def test_an_old_python_is_told(folder: Path) -> None:
    """If python3 is too old, make says so, and how to name another Python, before it sets up anything."""
    old = folder / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = make(folder, "run", f"PYTHON={old}")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert not (folder / ".venv").exists()


def test_query_asks_for_a_name(folder: Path) -> None:
    """`make query` alone shows its usage."""
    (folder / ".venv").mkdir()
    (folder / ".venv" / ".installed-check").touch()
    done = make(folder, "query")
    assert done.returncode != 0
    assert 'make query NAME=users.by_id ARGS="id=1"' in done.stderr


def test_the_password_is_not_echoed_and_arrives_whole(folder: Path) -> None:
    """The URL reaches the program unchanged, `$` included, and make does not print it."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    (folder / ".venv" / ".installed-check-postgresql").touch()
    program = programs / "pydb"
    program.write_text('#!/bin/sh\nprintf %s "$DATABASE_URL" > url.txt\n')
    program.chmod(0o755)
    url = "postgresql+psycopg://user:se$cret#1@host/name"
    done = make(folder, "reset", f"DB={url}")
    assert done.returncode == 0, done.stderr
    assert (folder / "url.txt").read_text() == url
    assert "cret" not in done.stdout + done.stderr
