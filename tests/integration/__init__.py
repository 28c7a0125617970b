"""The conformance suite: the same tests on SQLite, PostgreSQL and MariaDB."""
