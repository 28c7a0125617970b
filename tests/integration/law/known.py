"""The statements of tests/corpus that break the law today, and why.  The lists shrink."""

from __future__ import annotations

BIGINT = "an int beyond 32 bits is sent as bigint, and the function takes an integer"

KNOWN: dict[tuple[str, str, str], str] = {
    ("functions_mariadb", "mariadb", "functions.date_sub_of"): "what is before the year 1 is text, unnamed",
    ("parameters", "postgresql", "casts.functions"): BIGINT,
    ("parameters", "postgresql", "places.in_functions"): BIGINT,
    ("types_postgresql", "postgresql", "types.add_own"): BIGINT,
}
"""By schema, engine and statement: what comes instead of what is said."""

UNPROVEN: dict[tuple[str, str], str] = {}
"""Statements that no generated argument makes succeed, and the reason."""
