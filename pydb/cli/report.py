"""Findings on the screen or for a program: findings in; lines, a closing line and an exit code out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby

from pydb.cli.printing import say, write_text
from pydb.findings import Finding, as_github, as_json, as_text

__all__ = ["FORMATS", "print_findings"]

FORMATS = ("text", "json", "github")


def print_findings(findings: Sequence[Finding], format_: str, counts: str) -> int:
    """Print the findings, then ``counts`` and how many there are; 1 when one of them is an error, else 0.

    The closing line goes to the error stream when the output is for a program.
    """
    if format_ == "json":
        write_text(as_json(findings))
    elif format_ == "text" and sys.stdout.isatty():
        _print_grouped(findings)
    else:
        for finding in findings:
            write_text(as_github(finding) if format_ == "github" else as_text(finding))
    errors = sum(finding.level == "error" for finding in findings)
    count = len(findings) - errors
    notes = f", {count} note{'' if count == 1 else 's'}" if count else ""
    verdict = f"{errors} finding{'' if errors == 1 else 's'}" if errors else "no findings"
    say(f"{counts}: {verdict}{notes}", err=format_ != "text")
    return 1 if errors else 0


def _print_grouped(findings: Sequence[Finding]) -> None:
    """For a person: the findings of each file under its name, in colours."""
    for file, items in groupby(findings, key=lambda finding: finding.file):
        say((file, "bold"))
        for finding in items:
            place = f"{finding.line}:{finding.column}" if finding.column is not None else str(finding.line)
            code = (finding.code, "red" if finding.level == "error" else "yellow")
            name = (f"{finding.statement}: " if finding.statement else "", "cyan")
            say(f"  {place:>7}  ", code, "  ", name, finding.message)
            if finding.hint:
                say((f"           hint: {finding.hint}", "dim"))
        say()
