"""Check the promises of signatures on a project of the corpus: its name in; refused and called statements out.

A statement that check or generate refuses is left out, counted and named.  The results of all others must be as their
signatures say.
"""

from __future__ import annotations

import importlib
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pydb
from pydb.check import Inputs, check
from pydb.cli.package import package_changes
from pydb.database.url import parse_url
from pydb.errors import SqlFileError
from pydb.findings import Finding
from pydb.generate import write
from pydb.project import find_project
from pydb.prove import LawReport, lines_of, prove_calls
from pydb.sqlfile.header import LOOKS_LIKE_HEADER
from pydb.sqlfile.loader import read, statement_files
from tests.harness.documents import PROJECT

__all__ = ["CORPUS", "ENGINES", "FOLDER", "Made", "Outcome", "engines_of", "imported", "made", "prove"]

ENGINES = ("sqlite", "postgresql", "mariadb")
REFUSED_SCHEMA = "C507"
LONGEST = 5.0
"""Seconds for a statement: an argument may ask for all days of all years."""
FOLDER = PROJECT / "tests" / "corpus"
CORPUS = sorted(entry.name for entry in FOLDER.iterdir() if (entry / "sql").is_dir())
"""The projects of the corpus, each a folder with ``sql`` and schema scripts."""


@dataclass(frozen=True, slots=True)
class Made:
    """A project with its generated package: folder, name, ``proven`` and refused statements, notes."""

    folder: Path
    name: str
    proven: int
    refused: Mapping[str, Finding]
    schemas: Mapping[str, str]
    notes: Sequence[Finding] = ()


@dataclass(slots=True)
class Outcome:
    """The results of a project's package on its engines."""

    made: Made
    reports: list[LawReport] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The report as lines of text."""
        refused = self.made.refused
        yield (
            f"{self.made.name}: {self.made.proven} statements proven, {len(refused)} refused, "
            f"{len(self.made.notes)} notes"
        )
        for name, finding in sorted(refused.items()):
            yield f"  refused: {name}: {finding.code} {finding.message}"
        for report in self.reports:
            yield from lines_of(report)


def engines_of(name: str) -> tuple[str, ...]:
    """The engines for which a project of the corpus has a schema."""
    scripts = {engine: FOLDER / name / "sql" / engine / "schema.sql" for engine in ENGINES}
    scripts["sqlite"] = FOLDER / name / "schema.sql"
    return tuple(engine for engine in ENGINES if scripts[engine].exists())


def made(source: Path, folder: Path, urls: Mapping[str, str]) -> Made:
    """Copy a project into a folder, remove what check or generate refuses, and generate its package there.

    ``urls`` are databases by engine, for the engines to use; SQLite needs no server.
    """
    name = source.name
    root = folder / name
    shutil.copytree(source, root)
    package = f"{name}_app"
    if "sqlite" not in urls:
        (root / "schema.sql").unlink(missing_ok=True)
    schema = 'schema = "schema.sql"\n' if "sqlite" in urls else ""
    text = f'[tool.pydb]\nsql = "sql"\n{schema}package = "{package}.db"\n'
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    project = find_project(root)
    sql = project.sql_path(None)
    scripts = {engine: script for engine, script in project.schema_scripts(sql, None).items() if engine in urls}
    servers = [parse_url(url) for engine, url in urls.items() if engine != "sqlite"]
    refused: dict[str, Finding] = {}
    _leave_out(sql, [engine for engine in ENGINES if engine not in urls])
    while True:
        try:
            definitions = read(sql)
        except SqlFileError as error:
            if error.statement_name is None:
                raise
            refused[error.statement_name] = Finding(error.file or sql, 1, None, "C001", error.message)
            _take_out(sql, {error.statement_name})
            continue
        report = check(Inputs(sql, scripts, servers))
        # This does not check whether the schemas agree with each other.
        found = [finding for finding in report.findings if finding.level == "error"]
        findings: Sequence[Finding] = [item for item in found if item.statement or item.code == REFUSED_SCHEMA]
        if not findings:
            told, changes = package_changes(project, sql, definitions, report.described)
            findings = [finding for finding in told if finding.level == "error"]
            if not findings:
                write(changes)
                return Made(root, name, len(definitions), refused, scripts, [*told])
        named = {finding.statement: finding for finding in findings if finding.statement}
        assert named, "\n".join(map(str, findings))
        refused |= named
        _take_out(sql, set(named))


def _leave_out(sql: str, engines: Sequence[str]) -> None:
    """Remove the folders of engines that are not used."""
    for engine in engines:
        shutil.rmtree(Path(sql, engine), ignore_errors=True)


def _take_out(sql: str, names: set[str]) -> None:
    """Remove all forms of these statements from the files."""
    for _, parts, file in statement_files(sql):
        path = Path(file)
        text = path.read_text(encoding="utf-8")
        starts = [match.start() for match in LOOKS_LIKE_HEADER.finditer(text)]
        pieces = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
        kept = [piece for piece in pieces if ".".join((*parts, _name(piece))) not in names]
        path.write_text(text[: starts[0] if starts else None] + "".join(kept), encoding="utf-8")


def _name(piece: str) -> str:
    found = re.match(r"--\s*name:\s*(\w+)", piece)
    return found.group(1) if found else ""


@contextmanager
def imported(made: Made) -> Iterator[ModuleType]:
    """The generated package, imported from its folder."""
    root = str(made.folder)
    top = f"{made.name}_app"
    sys.path.insert(0, root)
    importlib.invalidate_caches()
    try:
        yield importlib.import_module(f"{top}.db")
    finally:
        sys.path.remove(root)
        for name in [name for name in sys.modules if name.partition(".")[0] == top]:
            del sys.modules[name]


def prove(made: Made, urls: Mapping[str, str]) -> Outcome:
    """Call all functions on each engine; ``urls`` are empty databases."""
    outcome = Outcome(made)
    with imported(made) as package:
        for engine, url in urls.items():
            with pydb.Database(url, statement_timeout=LONGEST) as database:
                database.apply(made.schemas[engine])
                outcome.reports.append(prove_calls(database, package, engine))
    return outcome
