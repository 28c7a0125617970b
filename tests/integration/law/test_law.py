"""Every statement that is proven and generated runs, and its results are as its signature says."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

import pydb.sample
from pydb import Database
from pydb.prove import lines_of, prove_calls
from tests.harness.chinook import chinook_file, chinook_tables
from tests.harness.documents import PROJECT
from tests.harness.law import CORPUS, ENGINES, FOLDER, engines_of, made, prove
from tests.integration.law.known import KNOWN, UNPROVEN

pytestmark = pytest.mark.deep

ALONE = ("parameters", "shop")
RUNS = [
    (name, engines)
    for name in CORPUS
    for engines in dict.fromkeys(
        [engines_of(name), *((engine,) for engine in engines_of(name) if name in ALONE)],
    )
]
"""Each schema of the corpus on all of its engines with one package, and some on each engine alone as well."""


def test_the_sample_keeps_the_law(db: Database, engine_name: str) -> None:
    """Every statement of the sample works on every engine, and returns what its signature says."""
    report = prove_calls(db, pydb.sample, engine_name)
    assert report.called > 150
    assert not [*report.broken, *report.unproven, *report.empty_tables], "\n".join(lines_of(report))


@pytest.mark.parametrize(("name", "engines"), RUNS, ids=[f"{name}-{'+'.join(engines)}" for name, engines in RUNS])
def test_the_corpus_keeps_the_law(
    name: str, engines: tuple[str, ...], empty_urls: Mapping[str, str], tmp_path: Path
) -> None:
    """Every statement of the corpus that is proven and generated works, except for the known ones."""
    urls = {engine: empty_urls[engine] for engine in ENGINES if engine in engines}
    outcome = prove(made(FOLDER / name, tmp_path, urls), urls)
    print("\n".join(outcome.lines()))
    broken = [item for report in outcome.reports for item in report.broken]
    new = [item for item in broken if (name, item.engine, item.statement) not in KNOWN]
    assert not new, "\n".join(map(str, new))
    held = [(name, report.engine, statement) for report in outcome.reports for statement in report.held]
    assert not [item for item in held if item in KNOWN], "they keep the law now: take them out of KNOWN"
    unproven = [item for report in outcome.reports for item in report.unproven]
    assert not [item for item in unproven if (name, item.statement) not in UNPROVEN]


def test_chinook_keeps_the_law(empty_urls: Mapping[str, str], tmp_path: Path) -> None:
    """Every statement on Chinook, whose schema was not designed for pydb, works on every engine with adverse rows."""
    source = tmp_path / "source" / "chinook"
    shutil.copytree(PROJECT / "tests" / "integration" / "chinook" / "sql", source / "sql")
    with closing(sqlite3.connect(f"file:{chinook_file('sqlite')}?mode=ro", uri=True)) as file:
        tables = file.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid").fetchall()
    (source / "schema.sql").write_text("".join(f"{sql};\n" for (sql,) in tables), encoding="utf-8")
    for engine in ("postgresql", "mariadb"):
        (source / "sql" / engine).mkdir(exist_ok=True)
        (source / "sql" / engine / "schema.sql").write_text(chinook_tables(engine), encoding="utf-8")
    outcome = prove(made(source, tmp_path, empty_urls), empty_urls)
    lines = "\n".join(outcome.lines())
    print(lines)
    assert outcome.made.proven > 15
    assert not [item for report in outcome.reports for item in (*report.broken, *report.unproven)], lines


@pytest.mark.xdist_group("mypy")
def test_mypy_agrees(empty_urls: Mapping[str, str], tmp_path: Path) -> None:
    """Every package that is generated for the corpus passes mypy's strict mode."""
    packages = []
    for name in CORPUS:
        made(FOLDER / name, tmp_path, {engine: empty_urls[engine] for engine in engines_of(name)})
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
