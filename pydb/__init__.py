"""A raw-SQL-first data layer on SQLAlchemy Core: .sql files in, immutable records out."""
