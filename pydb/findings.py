"""What `lint` and `check` find: findings in; text, JSON or GitHub annotations out.  Nothing is printed here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from pydb.support.escapes import escaped, escaped_json

__all__ = ["Finding", "as_github", "as_json", "as_text"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, and where: ``line`` and ``column`` count from 1; ``column`` is None for a whole line.

    A ``note`` is worth reading and fails nothing; an ``error`` makes the command exit 1.
    """

    file: str
    line: int
    column: int | None
    code: str
    message: str
    statement: str | None = None
    hint: str | None = None
    level: Literal["error", "note"] = "error"


def as_text(finding: Finding) -> str:
    """``file:line:column: CODE statement: message    hint: …``: one line, which editors can follow."""
    where = f"{finding.file}:{finding.line}" + (f":{finding.column}" if finding.column is not None else "")
    name = f"{finding.statement}: " if finding.statement else ""
    hint = f"    hint: {finding.hint}" if finding.hint else ""
    return escaped(f"{where}: {finding.code} {name}{finding.message}{hint}")


def as_json(findings: Iterable[Finding]) -> str:
    """A JSON array of objects with the fields of Finding."""
    return escaped_json(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))


def as_github(finding: Finding) -> str:
    """A workflow command that GitHub shows beside the line.

    The escapes are those of GitHub's own toolkit (actions/toolkit, packages/core/src/command.ts).
    """
    command = "notice" if finding.level == "note" else "error"
    column = {"col": str(finding.column)} if finding.column is not None else {}
    properties = {"file": finding.file, "line": str(finding.line), **column, "title": finding.code}
    listed = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    name = f"{finding.statement}: " if finding.statement else ""
    hint = f"\nhint: {finding.hint}" if finding.hint else ""
    return f"::{command} {listed}::{_escape(name + finding.message + hint)}"


def _escape(text: str) -> str:
    return escaped(text, keep="\r\n").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
