"""The tests' own servers: if a server cannot be started, its tests say so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.waiting import ALARM

PROJECT = Path(__file__).parent.parent.parent

NESTED_CONFTEST = """\
from tests.conftest import *
from tests.conftest import _makers, _sqlite_template
"""


@pytest.mark.deep
@pytest.mark.parametrize(("required", "outcome"), [("0", "1 skipped"), ("1", "1 error")])
def test_a_missing_binary_skips_or_fails(tmp_path: Path, required: str, outcome: str) -> None:
    """Without a server's binaries its tests are skipped with the reason; if servers are required, they fail."""
    (tmp_path / "conftest.py").write_text(
        "import pydb.testing.engines.postgresql_server as engine\n"
        "engine.PostgresqlServer._binary = staticmethod(lambda name: engine.find_binary('no-such-binary'))\n"
        + NESTED_CONFTEST
    )
    (tmp_path / "test_it.py").write_text(
        "import pytest\n@pytest.mark.engines('postgresql')\ndef test_it(empty_url):\n    pass\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-ra",
            "-p",
            "pydb.testing",
            "-p",
            "no:cacheprovider",
            f"--rootdir={tmp_path}",
            str(tmp_path),
        ],
        cwd=PROJECT,
        env={**os.environ, "PYDB_REQUIRE_SERVERS": required, "PYTEST_ADDOPTS": "", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=ALARM,
    )
    assert outcome in done.stdout
    assert "no-such-binary is not installed" in done.stdout
