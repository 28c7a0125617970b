"""Statements and records for the Chinook database, which was not designed for pydb."""
