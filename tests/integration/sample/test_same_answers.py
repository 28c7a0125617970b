"""The same statement with the same rows and parameters has the same result on all engines."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy.engine import make_url

from pydb.check import Inputs
from pydb.cli.package import generate_options
from pydb.project import find_project
from pydb.prove.project import ProofInputs, prove
from tests.harness.documents import PROJECT

pytestmark = pytest.mark.deep

KNOWN = {
    ("users.upsert", "P204"): "on MariaDB a NULL that is refused says that another user has the email",
    ("products.search", "P201"): "SQLite's lower() changes the letters of ASCII alone",
    ("users.page", "P201"): "SQLite's lower() changes the letters of ASCII alone",
}
"""What the engines cannot be made to do alike, and why."""


def test_engines_agree(empty_urls: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement of the sample, called with adverse rows, has the same result on three engines."""
    monkeypatch.chdir(PROJECT)
    project = find_project(PROJECT)
    path = project.sql_path(None)
    servers = [make_url(url) for engine, url in empty_urls.items() if engine != "sqlite"]
    checked = Inputs(path, project.schema_scripts(path, None), servers, columns=project.columns)
    report = prove(ProofInputs(checked, generate_options(project, path)))
    assert report.statements > 200
    assert report.engines == ["sqlite", "postgresql", "mariadb"]
    new = [item for item in report.findings if (item.statement, item.code) not in KNOWN]
    assert not new, "\n".join(map(str, new))
