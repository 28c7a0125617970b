"""Statements and hostile rows that try to prove the nullability analysis wrong."""
