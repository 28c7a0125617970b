"""The adverse values of each engine, one file for each engine."""
