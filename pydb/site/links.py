"""Name the pages: names of tables and statements in, relative paths that are valid on every file system out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

__all__ = ["Links", "links_of", "relative"]

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_OTHER = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Links:
    """The pages of tables and statements, by name; paths are relative to the site's folder."""

    tables: Mapping[str, PurePosixPath]
    statements: Mapping[str, PurePosixPath]
    _lower: Mapping[str, str]

    def table_named(self, name: str) -> str | None:
        """The table with that name, in upper or lower case."""
        return name if name in self.tables else self._lower.get(name.lower())


def links_of(tables: Iterable[str], statements: Iterable[str]) -> Links:
    """The links to a page for each name."""
    known = sorted(tables)
    return Links(
        _paths("tables", known), _paths("statements", sorted(statements)), {name.lower(): name for name in known}
    )


def relative(path: PurePosixPath, start: PurePosixPath) -> str:
    """The address of a page, relative to the page ``start``: folders of the site are not nested."""
    return "../" * (len(start.parts) - 1) + str(path)


def _paths(folder: str, names: Iterable[str]) -> dict[str, PurePosixPath]:
    taken: set[str] = set()
    found: dict[str, PurePosixPath] = {}
    for name in names:
        file = _file_name(name)
        if file.lower() in taken:
            # On some file systems a and A are the same file.
            file = _marked(file, name)
        taken.add(file.lower())
        found[name] = PurePosixPath(folder, f"{file}.html")
    return found


def _file_name(name: str) -> str:
    if _PLAIN.fullmatch(name) and len(name) <= _LONGEST:
        return name
    return _marked(_OTHER.sub("-", name).strip("-.")[:_LONGEST], name)


def _marked(file: str, name: str) -> str:
    """The file name with a digest of the whole name."""
    return f"{file}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"
