"""The engine-specific parts of usage, a few files for each engine."""
