"""The statements of tests/corpus whose results break their signatures, with the reasons.  The lists must shrink."""

from __future__ import annotations

KNOWN: dict[tuple[str, str, str], str] = {
    ("functions_mariadb", "mariadb", "functions.date_sub_of"): "what is before the year 1 is text, unnamed",
    ("types_postgresql", "postgresql", "types.add_own"): "a domain that is NOT NULL refuses the None that is said",
}
"""By schema, engine and statement: what comes instead of what is said."""

UNPROVEN: dict[tuple[str, str], str] = {}
"""Statements that no generated argument makes succeed, and the reason."""
