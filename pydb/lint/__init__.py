"""Lint .sql files: a folder and its schema scripts in, findings with the files' lines out.  No database is used."""

from pydb.lint.linter import Job, LintReport, lint

__all__ = ["Job", "LintReport", "lint"]
