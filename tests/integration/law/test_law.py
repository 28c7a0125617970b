"""For every statement that is proven and generated: it runs, and what comes is what its signature says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import pydb.sample
from pydb import Database
from pydb.prove import lines_of, prove_calls
from tests.harness.law import CORPUS, ENGINES, engines_of, made, prove
from tests.integration.law.known import KNOWN, UNPROVEN

pytestmark = pytest.mark.deep

RUNS = [
    (name, engines)
    for name in CORPUS
    for engines in dict.fromkeys([*((engine,) for engine in engines_of(name)), engines_of(name)])
]
"""Each schema of the corpus on each of its engines alone, and on all of them with one package."""


def test_the_sample_keeps_the_law(db: Database, engine_name: str) -> None:
    """Every statement of the sample works on every engine, and gives what its signature says."""
    report = prove_calls(db, pydb.sample, engine_name)
    assert report.called > 150
    assert not [*report.broken, *report.unproven, *report.empty_tables], "\n".join(lines_of(report))


@pytest.mark.parametrize(("name", "engines"), RUNS, ids=[f"{name}-{'+'.join(engines)}" for name, engines in RUNS])
def test_the_corpus_keeps_the_law(
    name: str, engines: tuple[str, ...], empty_urls: Mapping[str, str], tmp_path: Path
) -> None:
    """Every statement of others' kinds that is proven and generated works, but those that are known not to."""
    urls = {engine: empty_urls[engine] for engine in ENGINES if engine in engines}
    outcome = prove(made(name, tmp_path, urls), urls)
    print("\n".join(outcome.lines()))
    broken = [item for report in outcome.reports for item in report.broken]
    new = [item for item in broken if (name, item.statement) not in KNOWN]
    assert not new, "\n".join(map(str, new))
    unproven = [item for report in outcome.reports for item in report.unproven]
    assert not [item for item in unproven if (name, item.statement) not in UNPROVEN]


@pytest.mark.xdist_group("mypy")
def test_mypy_agrees(empty_urls: Mapping[str, str], tmp_path: Path) -> None:
    """Every package that is generated for the corpus passes mypy's strict mode."""
    packages = []
    for name in CORPUS:
        made(name, tmp_path, {engine: empty_urls[engine] for engine in engines_of(name)})
        packages += ["-p", f"{name}_app.db"]
    paths = os.pathsep.join(str(tmp_path / name) for name in CORPUS)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *packages],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
