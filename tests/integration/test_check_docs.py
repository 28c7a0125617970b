"""docs/check.md: each example has the finding with its code, and its solution does not."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

import pydb
from pydb.check import CODES, CheckReport, Inputs, check
from pydb.findings import as_text
from pydb.migrations.check import MigrationInputs, check_migrations
from pydb.migrations.rolling import Version, check_rolling
from pydb.values.records import records_by_name

DOCUMENT = (Path(__file__).parents[2] / "docs" / "check.md").read_text()
_FILE = re.compile(r"^`([^`]+)`:\n\n```(?:sql|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^### (C\d+): (.*?)\n(.*?)(?=^### |^The codes C\d+ to C\d+ |\Z)", re.MULTILINE | re.DOTALL)

SECTIONS = {code: body for code, _, body in _SECTION.findall(DOCUMENT)}
COMMON = dict(_FILE.findall(DOCUMENT[: DOCUMENT.index("### C001")]))
SECOND = dict(_FILE.findall(DOCUMENT[DOCUMENT.index("The codes C401 to C506") : DOCUMENT.index("### C401")]))
FIRST_SQL, FIRST_FINDINGS = re.findall(r"^```(?:sql|text)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)[:2]
STATEMENT = {"sql/customers.sql": "-- name: count_all :one scalar\nSELECT count(*) AS customers\nFROM customers;\n"}


def examples(code: str) -> Iterator[tuple[bool, dict[str, str]]]:
    """The files of a section before its solution, and those of its solution if it has one."""
    fails, _, solution = SECTIONS[code].partition("\nSolution")
    yield True, dict(_FILE.findall(fails))
    if solved := dict(_FILE.findall(solution)):
        yield False, solved


def needs_postgresql(code: str) -> bool:
    return "C401" <= code <= "C506"


def checked(folder: Path, files: dict[str, str], code: str, url: str | None) -> CheckReport:
    """The report on a project with these files."""
    files = {**COMMON, **(SECOND if url else {}), **files}
    by_hand = files.pop("by hand", None)
    if not any(name.startswith("sql/") and name.endswith("s.sql") for name in files):
        files |= STATEMENT
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    schemas = {"sqlite": str(folder / "schema.sql")}
    if url:
        schemas["postgresql"] = str(folder / "sql" / "postgresql" / "schema.sql")
    if "C611" <= code <= "C613":
        return checked_migrations(folder, schemas)
    inputs = Inputs(str(folder / "sql"), schemas, [make_url(url)] if url else [], _records(folder))
    if by_hand is not None:
        live = f"sqlite:///{folder / 'app.db'}"
        with pydb.Database(live) as database:
            database.apply(folder / "schema.sql")
            (folder / "by_hand.sql").write_text(by_hand)
            database.apply(folder / "by_hand.sql")
        inputs = Inputs(inputs.sql, schemas, [make_url(live)], inputs.records, live=True)
    return check(inputs)


def checked_migrations(folder: Path, schemas: dict[str, str]) -> CheckReport:
    """The report on the migrations of a project; ``old`` are the statements of its previous version."""
    schema, steps = folder / "schema.sql", folder / "migrations"
    first = steps / "0001_baseline.sql"
    first.write_text(schema.read_text())
    findings = check_migrations(MigrationInputs(str(steps), schemas)).findings
    if (folder / "old").exists():
        (folder / "old" / "schema.sql").write_text(schema.read_text())
        schema.write_text("\n".join(step.read_text() for step in sorted(steps.iterdir())))
        old = Version("old", str(folder / "old" / "sql"), {"sqlite": str(folder / "old" / "schema.sql")})
        findings = check_rolling(old, Version("new", str(folder / "sql"), schemas), [])
    return CheckReport(findings)


def _records(folder: Path) -> dict[str, type]:
    name = f"check_docs_{folder.name.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(name, folder / "records.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # dataclasses look up their module.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        return records_by_name(module)
    finally:
        del sys.modules[name]


def run_examples(code: str, tmp_path: Path, url: str | None) -> None:
    for number, (fails, files) in enumerate(examples(code)):
        folder = tmp_path / f"example_{number}"
        report = checked(folder, files, code, url)
        assert (code in {finding.code for finding in report.findings}) is fails, report.findings
        if not fails:
            assert [finding for finding in report.findings if finding.level == "error"] == []


def test_every_code_is_documented() -> None:
    """Each code has a section in docs/check.md with its sentence in codes.py, and there is no other section."""
    titles = {code: title.removesuffix(" (a note)") for code, title, _ in _SECTION.findall(DOCUMENT)}
    assert titles == dict(CODES)


def test_every_file_belongs_to_an_example() -> None:
    """Each section has a solution, and each file of docs/check.md is in a section or common to many sections."""
    assert [code for code, body in SECTIONS.items() if "\nSolution" not in body] == []
    of_sections = [file for body in SECTIONS.values() for file in _FILE.findall(body)]
    assert sorted([*COMMON.items(), *SECOND.items(), *of_sections]) == sorted(_FILE.findall(DOCUMENT))


def test_the_first_example(tmp_path: Path) -> None:
    """The first example of docs/check.md prints the findings that the page quotes."""
    report = checked(tmp_path, {"sql/reports.sql": FIRST_SQL}, "", None)
    printed = "".join(f"{as_text(finding)}\n" for finding in report.findings)
    assert printed.replace(f"{tmp_path}/", "") == FIRST_FINDINGS


@pytest.mark.parametrize("code", [code for code in SECTIONS if not needs_postgresql(code) and code != "C701"])
def test_example(code: str, tmp_path: Path) -> None:
    """The example has the finding that its section is about, and the solution has no error."""
    run_examples(code, tmp_path, None)


@pytest.mark.engines("postgresql")
def test_examples_of_two_engines(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """The same is true for the sections about two engines."""
    for code in filter(needs_postgresql, SECTIONS):
        run_examples(code, tmp_path / code, empty_url)
