"""PostgreSQL, by psycopg 3, also for asynchronous connections."""
