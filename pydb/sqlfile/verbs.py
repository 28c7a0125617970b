"""The verbs of statements: what each set of them does.  A verb is in capitals, as ``Form.verb`` has it."""

from __future__ import annotations

__all__ = ["CHANGES_ROWS", "DEFINES", "INSERTS", "MAIN_VERBS", "QUERIES", "READS"]

CHANGES_ROWS = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"})
"""They change rows, and return rows only through RETURNING."""

INSERTS = frozenset({"INSERT", "REPLACE"})
"""They add rows."""

QUERIES = frozenset({"SELECT", "VALUES", "TABLE"})
"""They return rows, and change none by themselves."""

READS = QUERIES | {"SHOW", "EXPLAIN", "DESCRIBE", "DESC", "PRAGMA"}
"""They tell something; what is called in them may still write."""

MAIN_VERBS = QUERIES | CHANGES_ROWS
"""What may follow the common table expressions of a WITH."""

DEFINES = frozenset({"CREATE", "ALTER", "DROP", "TRUNCATE", "GRANT", "REVOKE"})
"""They change the schema or what users may do."""
