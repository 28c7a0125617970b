"""SQLite, by Python's sqlite3, or by aiosqlite for asynchronous connections."""
