"""The statements of sql/reports/: a connection in, figures out."""

from pydb.sample.reports import authors, enrollments, stock, tags

__all__ = ["authors", "enrollments", "stock", "tags"]
