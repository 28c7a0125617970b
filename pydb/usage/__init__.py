"""Find what statements use: described statements in; their tables, callers, rights and plans out."""
