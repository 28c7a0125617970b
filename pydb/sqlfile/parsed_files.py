"""Files as they were parsed before: what ``parse_file`` takes in; the same statements out, where nothing has changed.

A file in which something is wrong is parsed each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from pydb.errors import SqlFileError
from pydb.sqlfile.parser import Parsed, parse_file
from pydb.sqlfile.stored_nouns import restored, stored
from pydb.support.kept_results import KeptResults

__all__ = ["ParsedFiles"]


class ParsedFiles:
    """What was parsed before, in a file of ``folder``; ``program`` is a digest of all but the files that counts."""

    def __init__(self, folder: str, program: bytes) -> None:
        self._kept, self._program = KeptResults(folder, "parsed"), program

    def parse(
        self,
        text: str,
        file: str,
        prefix: str,
        engine: str | None,
        overlaid: Mapping[str, Collection[str]],
        on_error: Callable[[SqlFileError], None],
    ) -> list[Parsed]:
        """What ``parse_file`` returns."""
        told = repr((self._program, text, file, prefix, engine, sorted((k, sorted(v)) for k, v in overlaid.items())))
        digest = hashlib.sha256(told.encode("utf-8", "surrogateescape")).digest()
        data = self._kept.get(digest)
        if data is not None:
            with suppress(Exception):  # of what cannot be read, there is none
                return list(restored(data))
        errors: list[SqlFileError] = []
        parsed = parse_file(text, file, prefix, engine, overlaid, errors.append)
        for error in errors:
            on_error(error)
        if not errors:
            self._kept.add(digest, stored(tuple(parsed)))
        return parsed

    def save(self) -> None:
        """Write what was parsed anew."""
        self._kept.save()
