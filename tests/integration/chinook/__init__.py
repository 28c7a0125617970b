"""Statements and records for the Chinook database, which nobody here designed."""
