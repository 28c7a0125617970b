"""A .sql file's text in, Definitions out.  No database and no SQLAlchemy here."""
