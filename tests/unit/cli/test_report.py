"""Findings for people and for programs."""

from __future__ import annotations

import json

import pytest

from pydb.cli.report import print_findings
from pydb.findings import Finding

ERROR = Finding("a.sql", 3, 2, "C101", "no such column", "a.x", "write another")
NOTE = Finding("a.sql", 5, None, "C602", "an index is missing", level="note")


@pytest.mark.parametrize(
    ("findings", "code", "closing"),
    [
        ([], 0, "1 files: no findings"),
        ([NOTE], 0, "1 files: no findings, 1 note"),
        ([ERROR], 1, "1 files: 1 finding"),
        ([ERROR, ERROR, NOTE], 1, "1 files: 2 findings, 1 note"),
    ],
)
def test_the_closing_line(capsys: pytest.CaptureFixture[str], findings: list[Finding], code: int, closing: str) -> None:
    """The closing line has the numbers of errors and notes, and an error means exit code 1."""
    assert print_findings(findings, "text", "1 files") == code
    assert capsys.readouterr().out.splitlines()[-1] == closing


def test_formats(capsys: pytest.CaptureFixture[str]) -> None:
    """For a program, the closing line is on the error stream."""
    print_findings([ERROR], "json", "x")
    out, err = capsys.readouterr()
    assert json.loads(out)["findings"][0]["code"] == "C101"
    assert err == "x: 1 finding\n"
    print_findings([ERROR], "github", "x")
    out, err = capsys.readouterr()
    assert out.startswith("::error ")
    assert err == "x: 1 finding\n"
    print_findings([ERROR], "sarif", "x", codes={"C101": "refused"})
    out, err = capsys.readouterr()
    assert json.loads(out)["runs"][0]["tool"]["driver"]["rules"][0]["shortDescription"] == {"text": "refused"}
    assert err == "x: 1 finding\n"
    print_findings([ERROR], "junit", "x")
    out, err = capsys.readouterr()
    assert "<failure " in out
    assert err == "x: 1 finding\n"


def test_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """For a person, findings are grouped by file."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_findings([ERROR, NOTE], "text", "x")
    out = capsys.readouterr().out
    assert out.count("a.sql") == 1
    assert "3:2" in out
    assert "hint: write another" in out
