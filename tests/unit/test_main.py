"""``python -m pydb`` and the ``pydb`` command."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pydb import __main__
from tests.harness.documents import PROJECT


def test_it_runs_a_command_line(tmp_path: Path) -> None:
    """It exits with the command's code, and does not import modules from the current folder."""
    (tmp_path / "click.py").write_text("raise SystemExit(7)\n")
    done = subprocess.run(
        [sys.executable, "-m", "pydb", "nowhere"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "there is no command 'nowhere'" in done.stderr


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The error names the missing modules, and the extra that installs them."""
    monkeypatch.setattr(__main__, "find_spec", lambda name: None if name == "rich" else find_spec(name))
    assert __main__.main() == 2
    assert capsys.readouterr().err == (
        'pydb: the command line needs rich, not installed here    hint: pip install "pydb[cli]"\n'
    )
