"""Write findings for code scanning: findings in, a SARIF 2.1.0 document out.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pydb.findings import Examined, Finding, counts_of
from pydb.support.escapes import escaped_json

__all__ = ["as_sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "PROJECT"
"""The base of the files' paths: the folder in which the command was started."""


def as_sarif(findings: Sequence[Finding], examined: Sequence[Examined], codes: Mapping[str, str], version: str) -> str:
    """A document with one run, which has a result for each finding; its properties count what passed.

    ``codes`` has a sentence for each code; a code without a sentence has only its name.
    """
    rules = sorted({finding.code for finding in findings})
    files = sorted({item.file for item in examined} | {item.file for item in findings})
    run = {
        "tool": {
            "driver": {
                "name": "pydb",
                "version": version,
                "rules": [_rule(code, codes.get(code)) for code in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": _location(file)} for file in files],
        "results": [_result(finding, rules, files) for finding in findings],
        "properties": counts_of(findings, examined),
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return escaped_json(json.dumps(document, indent=2, ensure_ascii=False))


def _rule(code: str, sentence: str | None) -> dict[str, Any]:
    return {"id": code, **({"shortDescription": {"text": sentence}} if sentence else {})}


def _result(finding: Finding, rules: Sequence[str], files: Sequence[str]) -> dict[str, Any]:
    name = f"{finding.statement}: " if finding.statement else ""
    hint = f"\nhint: {finding.hint}" if finding.hint else ""
    column = {} if finding.column is None else {"startColumn": finding.column}
    place: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {**_location(finding.file), "index": files.index(finding.file)},
            "region": {"startLine": max(finding.line, 1), **column},
        }
    }
    if finding.statement:
        place["logicalLocations"] = [{"fullyQualifiedName": finding.statement, "kind": "function"}]
    return {
        "ruleId": finding.code,
        "ruleIndex": rules.index(finding.code),
        "level": finding.level,
        "message": {"text": name + finding.message + hint},
        "locations": [place],
    }


def _location(file: str) -> dict[str, str]:
    return {"uri": quote(file.replace("\\", "/")), "uriBaseId": ROOT}
