"""What statements use of a database, and how: described statements in; tables, callers, rights and plans out."""
