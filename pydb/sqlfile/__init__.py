"""Load .sql files: their text in, Definitions out.  No database and no SQLAlchemy here."""
