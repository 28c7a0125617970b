"""``pydb check`` on a project of planted defects finds each of them at its line, and nothing else."""

import re
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.check import Inputs, check
from pydb.engines import engine_names
from pydb.findings import Finding
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.loader import read
from pydb.values.records import records_by_name
from tests.integration.defects import records

FOLDER = Path(__file__).parent / "defects"
SQL = str(FOLDER / "sql")
SCHEMAS = {
    "sqlite": str(FOLDER / "schema.sql"),
    "postgresql": f"{SQL}/postgresql/schema.sql",
    "mariadb": f"{SQL}/mariadb/schema.sql",
}
_EXPECT = re.compile(r"^-- Expect (C\d+)(?: on ([a-z, ]+?))?(?: at (.+))?$", re.MULTILINE)
_ENGINES = re.compile(r"^(sqlite|postgresql|mariadb): | \(on ([a-z ]+)\)$")

Found = tuple[str, str, int, str]
"""An engine, or ``-`` for a finding between engines; a file; a line; a code."""


def expected(engines: tuple[str, ...]) -> Counter[Found]:
    """The findings that the documentation of each form announces, on the engines of the form."""
    found: Counter[Found] = Counter()
    for definition in read(SQL):
        for form in {id(form): form for form in definition.forms.values()}.values():
            own = [engine for engine in engines if definition.forms.get(engine) is form]
            for code, named, text in _EXPECT.findall(_doc(form)):
                line = _line_of(form, text)
                for engine in ["-"] if code.startswith("C4") else own:
                    if not named or engine in named.split(", "):
                        found[engine, form.file, line, code] += 1
    return found


def _doc(form: Form) -> str:
    """The comment lines above the form's SQL."""
    above = Path(form.file).read_text().splitlines()[: form.line - 1]
    size = next(index for index, line in enumerate(reversed(above)) if line.startswith("-- name:"))
    return "\n".join(above[len(above) - size :])


def _line_of(form: Form, text: str) -> int:
    """The line of the file on which the text first appears in the form's SQL; without a text, the first line."""
    if not text:
        return form.line
    lines = Path(form.file).read_text().splitlines()
    return next(
        number for number, line in enumerate(lines, 1)
        if number >= form.line and text in line and not line.startswith("--")
    )  # fmt: skip


def found(
    findings: tuple[Finding, ...], engines: tuple[str, ...], definitions: dict[str, Definition]
) -> Counter[Found]:
    """The findings in the format of the expectations, one for each engine."""
    result: Counter[Found] = Counter()
    for finding in findings:
        match = _ENGINES.search(finding.message)
        names = [name for name in ((match and (match[1] or match[2])) or "").split(" and ") if name]
        if finding.code.startswith("C4"):
            names = ["-"]
        elif not names:
            form_engines = definitions[finding.statement or ""].forms if finding.statement else {}
            names = [engine for engine in engines if engine in form_engines] or ["-"]
        for name in names:
            result[name, finding.file, finding.line, finding.code] += 1
    return result


@pytest.mark.parametrize("engines", [("sqlite",), engine_names()], ids=["sqlite alone", "all engines"])
def test_planted_defects(engines: tuple[str, ...], request: pytest.FixtureRequest) -> None:
    """Every planted defect is found at its line on each engine on which it is a defect, and nothing else is found."""
    urls = request.getfixturevalue("empty_urls") if len(engines) > 1 else {}
    servers = [make_url(urls[engine]) for engine in engines if engine != "sqlite"]
    report = check(Inputs(SQL, SCHEMAS, servers, records_by_name(records)))
    needless = [finding for finding in report.findings if finding.code == "C206"]
    assert [finding.message for finding in needless] == [
        "Worried.name may be None, but no statement returns NULL for it"
    ]
    definitions = {definition.name: definition for definition in read(SQL)}
    others = tuple(finding for finding in report.findings if finding.code != "C206")
    wanted, got = expected(engines), found(others, engines, definitions)
    if len(engines) == 1:
        wanted = Counter({key: count for key, count in wanted.items() if key[0] != "-"})
    assert (got - wanted, wanted - got) == (Counter(), Counter())
    assert wanted.total() >= (200 if len(engines) > 1 else 70)
