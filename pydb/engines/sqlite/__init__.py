"""SQLite, the embedded engine, by Python's sqlite3."""
