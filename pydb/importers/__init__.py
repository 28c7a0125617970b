"""Importers: the files of another tool, a program or models in; pydb's .sql files and a report out.

Each importer makes ``ImportedFile``s.  What they contain is read by pydb's own loader before it is written: a statement
that it refuses stands as a comment with the reason, never half.
"""
