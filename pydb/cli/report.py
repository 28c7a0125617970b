"""Findings on the screen or for a program: findings in; lines, a closing line and an exit code out."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pydb.findings import Finding, as_github, as_json, as_text

__all__ = ["FORMATS", "print_findings"]

FORMATS = ("text", "json", "github")


def print_findings(findings: Sequence[Finding], form: str, counts: str) -> int:
    """Print the findings, then ``counts`` and how many there are; 1 when one of them is an error, else 0.

    The closing line goes to the error stream when the output is for a program.
    """
    if form == "json":
        click.echo(as_json(findings))
    else:
        for finding in findings:
            click.echo(as_github(finding) if form == "github" else as_text(finding))
    errors = sum(finding.level == "error" for finding in findings)
    notes = f", {len(findings) - errors} notes" if len(findings) > errors else ""
    verdict = f"{errors} finding{'' if errors == 1 else 's'}" if errors else "no findings"
    click.echo(f"{counts}: {verdict}{notes}", err=form != "text")
    return 1 if errors else 0
