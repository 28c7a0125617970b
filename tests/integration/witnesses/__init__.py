"""Statements and hostile rows that try to disprove the nullability analysis."""
