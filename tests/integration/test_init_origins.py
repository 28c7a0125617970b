"""`pydb init` in a new environment: `make run && make test` work wherever its pydb was installed from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.harness.documents import PROJECT

pytestmark = [pytest.mark.deep, pytest.mark.xdist_group("init")]


def ok(*command: str | Path, cwd: Path) -> str:
    """The output of a command that must succeed, without this project and a database in its environment."""
    hidden = ("PYTHONPATH", "DATABASE_URL", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("kind", ["clone", "copy", "wheel"])
def test_a_new_project_runs(kind: str, tmp_path: Path) -> None:
    """The project installs the pydb that created it: from its clone, from a copied folder, or from its wheel."""
    top = tmp_path / "it's a & b"
    ignored = shutil.ignore_patterns(".venv", ".git", ".*_cache", "__pycache__")
    shutil.copytree(PROJECT, top / "clone", ignore=ignored)
    venv.create(top / "venv", with_pip=True)
    python = top / "venv/bin/python"
    source = top / "clone"
    if kind == "wheel":
        ok(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", top / "dist", source, cwd=top)
        (source,) = (top / "dist").glob("*.whl")
        shutil.rmtree(top / "clone")
    editable = ["--editable"] if kind == "clone" else []
    ok(python, "-m", "pip", "install", "--quiet", *editable, f"{source}[cli,check]", cwd=top)
    ok(python, "-m", "pydb", "init", "my app", cwd=top)
    assert source.as_uri() in (top / "my app/pyproject.toml").read_text()
    assert "has run" in ok("make", "run", cwd=top / "my app")
    assert "2 passed" in ok("make", "test", cwd=top / "my app")
