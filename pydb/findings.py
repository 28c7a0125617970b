"""Write what `lint`, `check` and `prove` find: findings in; text, JSON or GitHub annotations out.

Nothing is printed here.  What was examined is counted too, so that a program can
distinguish "nothing is wrong" from "nothing was checked".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from pydb.support.escapes import escaped, escaped_json

__all__ = ["Examined", "Finding", "as_github", "as_json", "as_text", "by_examined", "counts_of"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to fix, and its place: ``line`` and ``column`` count from 1; ``column`` is None for a whole line.

    An ``error`` makes the command exit with code 1; a ``note`` does not.
    """

    file: str
    line: int
    column: int | None
    code: str
    message: str
    statement: str | None = None
    hint: str | None = None
    level: Literal["error", "note"] = "error"


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was examined: a statement, or a whole file if ``statement`` is None.

    ``variants`` is the number of variants of a statement with optional lines that were examined.
    """

    file: str
    line: int
    statement: str | None = None
    looked_at: int = 0
    variants: int = 0


def by_examined(
    findings: Iterable[Finding], examined: Sequence[Examined]
) -> tuple[dict[Examined, list[Finding]], list[Finding]]:
    """The findings of each examined statement or file; and the findings that belong to none of them."""
    found: dict[Examined, list[Finding]] = {item: [] for item in examined}
    # A statement with forms in several files counts once.
    known = {item.statement or (item.file,): item for item in reversed(examined)}
    others: list[Finding] = []
    for finding in findings:
        item = known.get(finding.statement or (finding.file,))
        (others if item is None else found[item]).append(finding)
    return found, others


def counts_of(findings: Sequence[Finding], examined: Sequence[Examined]) -> dict[str, int]:
    """How many things were examined, how many of them passed, and how many errors and notes there are."""
    found, _ = by_examined(findings, examined)
    errors = sum(finding.level == "error" for finding in findings)
    passed = sum(all(finding.level != "error" for finding in items) for items in found.values())
    return {"examined": len(found), "passed": passed, "errors": errors, "notes": len(findings) - errors}


def as_text(finding: Finding) -> str:
    """``file:line:column: CODE statement: message    hint: …``: one line, in a format that editors can follow."""
    where = f"{finding.file}:{finding.line}" + (f":{finding.column}" if finding.column is not None else "")
    name = f"{finding.statement}: " if finding.statement else ""
    hint = f"    hint: {finding.hint}" if finding.hint else ""
    return escaped(f"{where}: {finding.code} {name}{finding.message}{hint}")


def as_json(findings: Sequence[Finding], examined: Sequence[Examined] = ()) -> str:
    """A JSON object: the counts, and ``findings``, an array of objects with the fields of Finding."""
    variants = {"checked": sum(item.looked_at for item in examined), "all": sum(item.variants for item in examined)}
    document = {
        **counts_of(findings, examined),
        **({"variants": variants} if variants["all"] else {}),
        "findings": [asdict(finding) for finding in findings],
    }
    return escaped_json(json.dumps(document, indent=2, ensure_ascii=False))


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
