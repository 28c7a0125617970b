"""Lint .sql files: a folder and its schema scripts in, findings at the files' own lines out.  No database here."""

from pydb.lint.linter import Job, LintReport, lint

__all__ = ["Job", "LintReport", "lint"]
