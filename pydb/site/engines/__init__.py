"""What the site asks of each engine, a file an engine."""
