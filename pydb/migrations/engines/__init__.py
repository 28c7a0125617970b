"""What migrations do differently on one engine: a few files for each engine."""
