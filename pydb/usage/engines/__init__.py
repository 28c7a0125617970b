"""What one engine says of the use of its databases, a few files an engine."""
