"""The statements of tests/corpus that break the law today, and why.  The lists shrink."""

from __future__ import annotations

KNOWN: dict[tuple[str, str], str] = {}
"""By schema and statement: what comes, and what should."""

UNPROVEN: dict[tuple[str, str], str] = {}
"""Statements that no generated argument makes succeed, and why none can."""
