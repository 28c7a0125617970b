"""Importers: the files of another tool, a program or models in; pydb's .sql files and a report out.

Each importer makes ``ImportedFile``s.  pydb's own loader reads them before they are written.  A statement that it
refuses is written as a comment with the reason, never in part.
"""
