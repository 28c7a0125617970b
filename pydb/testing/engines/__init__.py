"""The engine-specific parts of the fixtures: one or two files for each engine."""
