"""The engine-specific parts of migrations: a few files for each engine."""
