"""Store the descriptions of each .sql file's statements: digests of what they depend on in, descriptions out.

The descriptions of a file are one entry, because most of their columns and parameters are equal.  Each has its own
digest: after a change of one statement the others are still valid.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydb.describe.orphans import PREFIX
from pydb.sqlfile.stored_nouns import restored, stored
from pydb.support.cached_results import CachedResults

__all__ = ["CachedDescription", "CachedDescriptions"]

CachedDescription = tuple[bytes, tuple[Any, ...]]
"""The digest of a description's interface, and the parts of the description."""


@dataclass(slots=True)
class _File:
    """The descriptions that are in the cache, and those that this run has requested or added, by their digests."""

    known: Mapping[bytes, CachedDescription]
    used: dict[bytes, CachedDescription] = field(default_factory=dict)

    def is_changed(self) -> bool:
        return self.used.keys() != self.known.keys()

    def new_bytes(self) -> bytes | None:
        """What to write to the cache; None if nothing has changed, or if a description cannot be stored."""
        return _as_bytes(self.used) if self.is_changed() else None


class CachedDescriptions:
    """The descriptions of one engine's statements, in the file ``name`` of ``folder``.

    ``key`` is a digest of everything that they depend on besides the statements.
    """

    def __init__(self, folder: str, name: str, key: bytes) -> None:
        self._cached, self._key = CachedResults(folder, name), key
        self._files: dict[str, _File] = {}

    def get(self, statement: str, digest: bytes) -> CachedDescription | None:
        """The description with that digest; None if there is none."""
        file = self._file(statement)
        found = file.known.get(digest)
        if found is not None:
            file.used[digest] = found
        return found

    def add(self, statement: str, digest: bytes, cached: CachedDescription) -> None:
        """Add a description."""
        self._file(statement).used[digest] = cached

    def save(self) -> bool:
        """Write what has changed, if that is possible; return whether all descriptions can be stored."""
        is_whole = True
        for name, file in self._files.items():
            data = file.new_bytes()
            if data is None and file.is_changed():
                is_whole = False
                file.used = {digest: cached for digest, cached in file.used.items() if _as_bytes({digest: cached})}
                data = file.new_bytes()
            if data is not None:
                self._cached.add(self._place(name), data)
        self._cached.save()
        return is_whole

    def _file(self, statement: str) -> _File:
        name = statement.rpartition(".")[0]
        if name not in self._files:
            data = self._cached.get(self._place(name))
            known: dict[bytes, CachedDescription] = {}
            if data is not None:
                with suppress(Exception):  # an entry that cannot be read counts as missing
                    known = {digest: (interface, parts) for digest, interface, parts in restored(data)}
            self._files[name] = _File(known)
        return self._files[name]

    def _place(self, name: str) -> bytes:
        return hashlib.sha256(self._key + name.encode("utf-8", "surrogatepass")).digest()


def _as_bytes(descriptions: Mapping[bytes, CachedDescription]) -> bytes | None:
    """The descriptions as bytes; None if one of them cannot be stored."""
    with suppress(TypeError):
        data = stored(tuple((digest, *cached) for digest, cached in descriptions.items()))
        # A description that names the scratch database is useless later: SHOW TABLES names a column after it.
        return None if PREFIX.encode() in data else data
    return None
