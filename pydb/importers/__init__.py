"""Importers: the files of another tool, a program or models in; pydb's .sql files and a report out.

Each importer makes ``ImportedFile`` objects.  Before they are written, pydb's own loader reads them.  A statement that
the loader refuses is written as a comment with the reason, never in part.
"""
