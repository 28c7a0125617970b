"""The statements of tests/corpus that break the law today, and why.  The lists shrink."""

from __future__ import annotations

KNOWN: dict[tuple[str, str], str] = {
    (
        "functions_mariadb",
        "functions.date_sub_of",
    ): "a month before 0001-01-01 is text, and the error has no name for it",
    ("parameters", "casts.functions"): "an int beyond 32 bits is sent as bigint, for which there is no lpad",
    ("parameters", "places.in_functions"): "an int beyond 32 bits is sent as bigint, for which there is no substr",
    ("types_postgresql", "types.add_own"): "an int beyond 32 bits is sent as bigint, for which there is no int4range",
}
"""By schema and statement: what comes instead of what is said."""

UNPROVEN: dict[tuple[str, str], str] = {}
"""Statements that no generated argument makes succeed, and the reason."""
