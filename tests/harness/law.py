"""The law on a project: a folder of SQL with its schemas in; what is refused, generated and called on each engine out.

A statement that check or generate refuses is left out, counted, and named; the rest must keep the law.
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

from sqlalchemy.engine import URL

import pydb
from pydb.check import Inputs, check
from pydb.cli.package import package_changes
from pydb.cli.settings import find_project
from pydb.findings import Finding
from pydb.generate import write
from pydb.prove import LawReport, lines_of, prove_calls
from pydb.sqlfile.header import LOOKS_LIKE_HEADER
from pydb.sqlfile.loader import read, statement_files

__all__ = ["Made", "Outcome", "imported", "made", "prove"]


@dataclass(frozen=True, slots=True)
class Made:
    """A project whose package is generated: its folder, the package's name, and what was refused, by statement."""

    folder: Path
    package: str
    statements: int
    refused: Mapping[str, Finding]


@dataclass(slots=True)
class Outcome:
    """What a project's package does on its engines."""

    made: Made
    reports: list[LawReport] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The report, as a person reads it."""
        yield f"{self.made.package}: {self.made.statements} statements, {len(self.made.refused)} refused"
        for name, finding in sorted(self.made.refused.items()):
            yield f"  refused: {name}: {finding.code} {finding.message}"
        for report in self.reports:
            yield from lines_of(report)


def made(source: Path, folder: Path, urls: Mapping[str, str], monkeypatch: object = None) -> Made:
    """Copy a project, take out what check or generate refuses, and generate its package in the copy.

    ``urls`` are the servers to check on, by engine; the folder's name becomes the package's.
    """
    shutil.copytree(source, folder)
    package = folder.name
    if not (folder / "pyproject.toml").exists():
        schema = 'schema = "schema.sql"\n' if (folder / "schema.sql").exists() else ""
        text = f'[tool.pydb]\nsql = "sql"\n{schema}package = "{package}.db"\n'
        (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    project = find_project(folder)
    sql = project.sql_path(None)
    refused: dict[str, Finding] = {}
    statements = len(read(sql))
    while True:
        inputs = Inputs(sql, project.schema_scripts(sql, None), [pydb_url(url) for url in urls.values()])
        report = check(inputs)
        findings: Sequence[Finding] = [finding for finding in report.findings if finding.level == "error"]
        if not findings:
            findings, changes = package_changes(project, sql, read(sql), report.described)
            if not findings:
                write(changes)
                return Made(folder, f"{package}.db", statements, refused)
        named = {finding.statement: finding for finding in findings if finding.statement}
        assert named, "\n".join(map(str, findings))
        refused |= named
        _without(sql, set(named))


def pydb_url(url: str) -> URL:
    """The URL, parsed as pydb parses it."""
    from pydb.database.url import parse_url

    return parse_url(url)


def _without(sql: str, names: set[str]) -> None:
    """Take statements out of the files, every form of them."""
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
    sys.path.insert(0, root)
    importlib.invalidate_caches()
    try:
        yield importlib.import_module(made.package)
    finally:
        sys.path.remove(root)
        top = made.package.partition(".")[0]
        for name in [name for name in sys.modules if name.partition(".")[0] == top]:
            del sys.modules[name]


def prove(made: Made, urls: Mapping[str, str], schemas: Mapping[str, str]) -> Outcome:
    """Call everything on each engine: ``urls`` are empty databases, ``schemas`` their scripts."""
    outcome = Outcome(made)
    with imported(made) as package:
        for engine, url in urls.items():
            with pydb.Database(url) as database:
                database.apply(schemas[engine])
                outcome.reports.append(prove_calls(database, package, engine))
    return outcome
