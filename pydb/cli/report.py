"""Print findings for a person or a program: findings in; lines, a closing line and an exit code out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from pydb.cli.printing import say, write_text
from pydb.cli.sarif import as_sarif
from pydb.findings import Examined, Finding, as_github, as_json, as_text

__all__ = ["FORMATS", "print_findings"]

FORMATS = ("text", "json", "github", "sarif", "junit")


def print_findings(
    findings: Sequence[Finding],
    format_: str,
    counts: str,
    examined: Sequence[Examined] = (),
    codes: Mapping[str, str] = MappingProxyType({}),
    clean: str = "no findings",
) -> int:
    """Print the findings and a closing line; return 1 if one of them is an error, else 0.

    The closing line has the ``counts`` and the number of errors, or ``clean`` if there is none.  It goes to the error
    stream if the output is for a program.  ``examined`` is for the formats that count what was examined, and ``codes``
    has a sentence for each code.
    """
    if format_ == "json":
        write_text(as_json(findings, examined))
    elif format_ == "sarif":
        from pydb.cli.origin import pydb_version  # the import is slow

        write_text(as_sarif(findings, examined, codes, pydb_version()))
    elif format_ == "junit":
        from pydb.cli.junit import as_junit  # the import is slow

        write_text(as_junit(findings, examined, "pydb"))
    elif format_ == "text" and sys.stdout.isatty():
        _print_grouped(findings)
    else:
        for finding in findings:
            write_text(as_github(finding) if format_ == "github" else as_text(finding))
    errors = sum(finding.level == "error" for finding in findings)
    count = len(findings) - errors
    notes = f", {count} note{'' if count == 1 else 's'}" if count else ""
    verdict = f"{errors} finding{'' if errors == 1 else 's'}" if errors else clean
    say(f"{counts}: {verdict}{notes}", err=format_ != "text")
    return 1 if errors else 0


def _print_grouped(findings: Sequence[Finding]) -> None:
    """Print the findings of each file under its name, in colours."""
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
