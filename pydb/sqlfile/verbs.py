"""The verbs of statements, in sets by what they do.  A verb is in capitals, as in ``Form.verb``."""

from __future__ import annotations

__all__ = ["CHANGES_ROWS", "DEFINES", "INSERTS", "MAIN_VERBS", "QUERIES", "READS"]

CHANGES_ROWS = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"})
"""They change rows, and return rows only through RETURNING."""

INSERTS = frozenset({"INSERT", "REPLACE"})
"""They add rows."""

QUERIES = frozenset({"SELECT", "VALUES", "TABLE"})
"""They return rows, and change none by themselves."""

READS = QUERIES | {"SHOW", "EXPLAIN", "DESCRIBE", "DESC", "PRAGMA"}
"""They read; a function that they call may still write."""

MAIN_VERBS = QUERIES | CHANGES_ROWS
"""They may follow the common table expressions of a WITH."""

DEFINES = frozenset({"CREATE", "ALTER", "DROP", "TRUNCATE", "GRANT", "REVOKE"})
"""They change the schema or what users may do."""
