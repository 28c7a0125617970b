"""The plugin as pytest loads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CODE = """\
import sys
import pytest

class Heavy:
    def pytest_sessionfinish(self):
        found = sorted(name for name in sys.modules if name.startswith(("pydb.", "sqlalchemy")))
        print("imported:", *found)

sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "pydb.testing", "test_it.py"], plugins=[Heavy()]))
"""


@pytest.mark.deep
def test_a_run_without_fixtures_imports_nothing(tmp_path: Path) -> None:
    """pytest loads the plugin in every project with pydb: it imports neither SQLAlchemy nor a part of pydb."""
    (tmp_path / "test_it.py").write_text("def test_it():\n    pass\n")
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "imported: pydb.testing\n" in done.stdout
