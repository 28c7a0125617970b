"""Statements that are known to have other results on other engines: each is found, with few rows and its cause."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.check import Inputs
from pydb.generate import Options
from pydb.prove.project import ProofInputs, prove
from pydb.sqlfile.loader import read

pytestmark = pytest.mark.deep

PLANTED = Path(__file__).parent / "planted"
MOST = 3
"""Rows of a table in what is shown."""


def test_every_planted_disagreement_is_found(tmp_path: Path, empty_urls: Mapping[str, str]) -> None:
    """Each of more than 40 statements with different results on the engines is refuted with few rows and its cause."""
    shutil.copytree(PLANTED, tmp_path / "planted")
    sql = tmp_path / "planted" / "sql"
    schemas = {"sqlite": str(tmp_path / "planted" / "schema.sql")}
    schemas |= {engine: str(sql / engine / "schema.sql") for engine in ("postgresql", "mariadb")}
    servers = [make_url(url) for engine, url in empty_urls.items() if engine != "sqlite"]
    report = prove(ProofInputs(Inputs(str(sql), schemas, servers), Options("app.db", "sql")))
    planted = {definition.name: definition.doc for definition in read(str(sql))}
    found = {str(finding.statement): finding for finding in report.findings}
    assert len(planted) > 40
    assert found.keys() == planted.keys()
    assert {finding.code for finding in report.findings} <= {"P201", "P202", "P203", "P301"}
    wrong = {name: item.message for name, item in found.items() if not re.search(planted[name], _cause(item.message))}
    assert not wrong
    rows = {name: [item.message.count(key) for key in ("(id=", "(label=")] for name, item in found.items()}
    assert not {name: counts for name, counts in rows.items() if max(counts) > MOST}


def _cause(message: str) -> str:
    return message.partition("likely cause: ")[2] or message
