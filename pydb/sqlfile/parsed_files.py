"""Parse files again only if they have changed: the arguments of ``parse_file`` in, its statements out.

A file with an error is parsed each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from pydb.errors import SqlFileError
from pydb.sqlfile.parser import Parsed, parse_file
from pydb.sqlfile.stored_nouns import restored, stored
from pydb.support.cached_results import CachedResults

__all__ = ["ParsedFiles"]


class ParsedFiles:
    """A cache of parsed files in ``folder``; ``program`` is a digest of everything besides the files that matters."""

    def __init__(self, folder: str, program: bytes) -> None:
        self._cached, self._program = CachedResults(folder, "parsed"), program

    def parse(
        self,
        text: str,
        file: str,
        prefix: str,
        engine: str | None,
        overlaid: Mapping[str, Collection[str]],
        on_error: Callable[[SqlFileError], None],
    ) -> list[Parsed]:
        """Return what ``parse_file`` returns for these arguments."""
        key = repr((self._program, text, file, prefix, engine, sorted((k, sorted(v)) for k, v in overlaid.items())))
        digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
        data = self._cached.get(digest)
        if data is not None:
            with suppress(Exception):  # an entry that cannot be read is parsed again
                return list(restored(data))
        errors: list[SqlFileError] = []
        parsed = parse_file(text, file, prefix, engine, overlaid, errors.append)
        for error in errors:
            on_error(error)
        if not errors:
            self._cached.add(digest, stored(tuple(parsed)))
        return parsed

    def save(self) -> None:
        """Write the entries that were added."""
        self._cached.save()
