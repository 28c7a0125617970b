"""What migrations do differently on one engine: a few files an engine."""
