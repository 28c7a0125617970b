"""What an engine and the schema say of a statement without running it."""
