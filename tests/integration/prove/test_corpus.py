"""The findings of prove on the corpus: each is judged, and nearly all of them are real differences."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy.engine import make_url

from pydb.check import Inputs
from pydb.generate import Options
from pydb.prove.codes import CODES
from pydb.prove.project import ProofInputs, prove
from tests.harness.law import CORPUS, FOLDER, engines_of
from tests.integration.prove.judged import FALSE, REAL

pytestmark = pytest.mark.deep

PROJECTS = [name for name in CORPUS if len(engines_of(name)) > 1]


@pytest.mark.parametrize("name", PROJECTS)
def test_every_finding_is_judged(name: str, empty_urls: Mapping[str, str]) -> None:
    """There is no new finding: a person has judged each of them."""
    scripts = {engine: str(FOLDER / name / "sql" / engine / "schema.sql") for engine in engines_of(name)}
    if "sqlite" in scripts:
        scripts["sqlite"] = str(FOLDER / name / "schema.sql")
    servers = [make_url(empty_urls[engine]) for engine in scripts if engine != "sqlite"]
    report = prove(ProofInputs(Inputs(str(FOLDER / name / "sql"), scripts, servers), Options("app.db", "sql")))
    found = [item for item in report.findings if item.code in CODES and item.level == "error"]
    known = {statement for names in (*REAL.values(), *FALSE.values()) for statement in names}
    new = [item for item in found if f"{name}.{item.statement}" not in known]
    assert not new, "\n".join(map(str, new))


def test_nearly_all_are_real() -> None:
    """At most one finding of twenty is false, and no statement is judged twice."""
    real, false = ([name for names in judged.values() for name in names] for judged in (REAL, FALSE))
    assert len(set(real + false)) == len(real + false)
    assert len(real) >= 0.95 * (len(real) + len(false))
