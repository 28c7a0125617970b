"""Proven statements run: pydb.prove on the sample, on Chinook and on schemas of other kinds."""
