"""The verbs of statements, in sets by what they do: a verb in upper case, as in ``Form.verb``, in; yes or no out."""

from __future__ import annotations

__all__ = ["CHANGES_ROWS", "DEFINES", "INSERTS", "MAIN_VERBS", "QUERIES", "READS"]

CHANGES_ROWS = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"})
"""Verbs that change rows, and return rows only through RETURNING."""

INSERTS = frozenset({"INSERT", "REPLACE"})
"""Verbs that add rows."""

QUERIES = frozenset({"SELECT", "VALUES", "TABLE"})
"""Verbs that return rows, and change none themselves."""

READS = QUERIES | {"SHOW", "EXPLAIN", "DESCRIBE", "DESC", "PRAGMA"}
"""Verbs that read; a function that they call may still write."""

MAIN_VERBS = QUERIES | CHANGES_ROWS
"""Verbs that may follow the common table expressions of a WITH."""

DEFINES = frozenset({"CREATE", "ALTER", "DROP", "TRUNCATE", "GRANT", "REVOKE"})
"""Verbs that change the schema, or what users may do."""
