"""Find the file of a SQLite database: a URL in; its path, and whether it is opened read-only, out."""

from __future__ import annotations

import os

from sqlalchemy.engine import URL

__all__ = ["is_read_only", "locked_file"]


def is_read_only(url: URL) -> bool:
    """Whether the URL's own options make the database read-only: https://sqlite.org/uri.html."""
    return url.query.get("mode") == "ro" or url.query.get("immutable") == "1"


def locked_file(url: URL) -> str | None:
    """The real path of the database file, also for a ``file:`` URI; None for a database in memory."""
    name = (url.database or ":memory:").removeprefix("file:")
    if name in (":memory:", "") or url.query.get("mode") == "memory":
        return None
    return os.path.realpath(name)
