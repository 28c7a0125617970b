"""MariaDB, by PyMySQL, or by asyncmy for asynchronous connections."""
