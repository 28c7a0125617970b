"""docs/prove.md: the tour works, each example has the finding with its code, and its solution does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.check import Inputs
from pydb.generate import Options
from pydb.prove.codes import CODES
from pydb.prove.project import ProofInputs, ProofReport, prove

pytestmark = pytest.mark.deep

DOCUMENT = (Path(__file__).parents[3] / "docs" / "prove.md").read_text()
TOUR, REFERENCE = DOCUMENT.split("## The codes")
_FILE = re.compile(r"`([\w/.]+\.sql)`[^`]*?:\n\n```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^### (P\d+): (.*?)\n(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = {code: body for code, _, body in _SECTION.findall(REFERENCE)}
SCHEMA = _FILE.findall(REFERENCE[: REFERENCE.index("### ")])[0][1]
EVERY_SCHEMA = re.compile(r"At the end of every schema:\n\n```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SCRIPTS = {"sqlite": "schema.sql", "postgresql": "sql/postgresql/schema.sql", "mariadb": "sql/mariadb/schema.sql"}


def proven(folder: Path, files: Mapping[str, str], urls: Mapping[str, str]) -> ProofReport:
    """The report on a project with these files, on the engines of these databases."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    schemas = {engine: str(folder / script) for engine, script in SCRIPTS.items() if engine in urls}
    servers = [make_url(url) for engine, url in urls.items() if engine != "sqlite"]
    return prove(ProofInputs(Inputs(str(folder / "sql"), schemas, servers), Options("app.db", "sql")))


def test_the_tour(tmp_path: Path, empty_urls: Mapping[str, str]) -> None:
    """The statement is refuted with one row, as the page shows; with a collation on the column it is not refuted."""
    urls = {engine: empty_urls[engine] for engine in ("sqlite", "mariadb")}
    files = _FILE.findall(TOUR)
    schema, statements, solved, on_mariadb = (text for _, text in files)
    assert [name for name, _ in files] == ["schema.sql", "sql/guests.sql", "schema.sql", "sql/mariadb/schema.sql"]
    first = proven(tmp_path, {"schema.sql": schema, SCRIPTS["mariadb"]: schema, "sql/guests.sql": statements}, urls)
    (found,) = first.findings
    assert found.message in TOUR
    assert f"{first.calls} calls" in TOUR
    second = proven(tmp_path, {"schema.sql": solved, SCRIPTS["mariadb"]: on_mariadb}, urls)
    assert not second.findings
    assert f"{second.calls} calls" in TOUR


def examples(code: str) -> Iterator[tuple[bool, dict[str, str]]]:
    """The files of a section, and the files of its solution if it has one."""
    fails, _, solution = SECTIONS[code].partition("Solution")
    schemas = dict.fromkeys(SCRIPTS.values(), SCHEMA + "".join(EVERY_SCHEMA.findall(fails)))
    own = dict(_FILE.findall(fails))
    if "At the end of `sql/postgresql" in fails:
        own["sql/postgresql/schema.sql"] = SCHEMA + own["sql/postgresql/schema.sql"]
    if not any(name.endswith("customers.sql") for name in own):
        own["sql/customers.sql"] = "-- name: names :many scalar\nSELECT name\nFROM customers;\n"
    yield True, {**schemas, **own}
    if solved := dict(_FILE.findall(solution)):
        yield False, {**schemas, **solved}


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_an_example(code: str, tmp_path: Path, empty_urls: Mapping[str, str]) -> None:
    """The example of a code has its finding on three engines, and the solution has no finding."""
    urls = {"sqlite": empty_urls["sqlite"]} if code == "P102" else empty_urls
    for fails, files in examples(code):
        report = proven(tmp_path / str(fails), files, urls)
        found = [finding.code for finding in report.findings]
        assert (code in found) if fails else not found, report.findings


def test_every_code_is_explained() -> None:
    """The page has a section for each code, with its sentence, and no other sections."""
    assert {code: sentence for code, sentence, _ in _SECTION.findall(REFERENCE)} == dict(CODES)
