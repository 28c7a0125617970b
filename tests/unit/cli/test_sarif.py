"""SARIF, the input of code scanning."""

from __future__ import annotations

import json
from typing import Any

from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema

from pydb.cli.sarif import as_sarif
from pydb.findings import Examined, Finding

ERROR = Finding("sql/a b.sql", 3, 7, "C101", "no such column\x1b", "a.x", "write another")
NOTE = Finding("schema.sql", 0, None, "C602", "an index is missing", level="note")
EXAMINED = [Examined("sql/a b.sql", 3, "a.x"), Examined("sql/a b.sql", 9, "a.y"), Examined("schema.sql", 1)]


def made(findings: list[Finding]) -> Any:
    """The document, validated by a model that is generated from its schema."""
    document = json.loads(as_sarif(findings, EXAMINED, {"C101": "the engine refuses the statement"}, "1.2"))
    StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(document)
    return document


def test_a_finding_is_a_result() -> None:
    """A finding is a result with its rule, its level, its place, and the statement."""
    run = made([NOTE, ERROR])["runs"][0]
    note, error = run["results"]
    assert run["tool"]["driver"]["rules"][error["ruleIndex"]] == {
        "id": "C101",
        "shortDescription": {"text": "the engine refuses the statement"},
    }
    place = error["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 7}
    assert place["artifactLocation"]["uri"] == "sql/a%20b.sql"
    assert error["message"]["text"] == "a.x: no such column\x1b\nhint: write another"
    assert (error["level"], note["level"]) == ("error", "note")
    assert note["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_what_passed_is_counted() -> None:
    """A run without a result has the number of examined statements and files."""
    run = made([])["runs"][0]
    assert run["properties"] == {"examined": 3, "passed": 3, "errors": 0, "notes": 0}
    assert [item["location"]["uri"] for item in run["artifacts"]] == ["schema.sql", "sql/a%20b.sql"]


def test_control_characters_are_escaped() -> None:
    """The document has no control characters for a terminal."""
    assert "\x1b" not in as_sarif([ERROR], EXAMINED, {}, "1.2")
