"""The adverse values of each engine, a file an engine."""
