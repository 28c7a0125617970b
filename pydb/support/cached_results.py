"""Cache results by the digests of what they depend on: a folder and digests in, bytes out.

A result that is not requested for some time is dropped.  A caller must not need the file: if it is missing, damaged,
or in a place that other users may write to, there are no results.
"""

from __future__ import annotations

import marshal

from pydb.support.trusted_files import read_sealed, write_sealed, write_trusted

__all__ = ["CachedResults", "write_cached"]

_MARK = b"pydb results 1\n"
_UNUSED = 3
"""The number of times that a file is written before a result that was not requested in the meantime is dropped."""

_Entries = dict[bytes, tuple[int, bytes]]
"""By digest: the number of times that the file was written since the last request of the result, and the result."""


class CachedResults:
    """The results of one kind, in the file ``name`` of ``folder``."""

    def __init__(self, folder: str, name: str) -> None:
        self._folder, self._name = folder, name
        content = read_sealed(folder, name, _MARK)
        self._known: _Entries = {} if content is None else marshal.loads(content)
        self._used: dict[bytes, bytes] = {}
        self._added = False

    def get(self, digest: bytes) -> bytes | None:
        """The result; None if there is none."""
        if digest in self._known:
            self._used[digest] = self._known[digest][1]
        return self._used.get(digest)

    def add(self, digest: bytes, result: bytes) -> None:
        """Keep a result."""
        self._used[digest] = result
        self._added = True

    def save(self) -> None:
        """Write the added results; do nothing if that is not possible."""
        if not self._added:
            return
        left = {digest: (age + 1, result) for digest, (age, result) in self._known.items() if age < _UNUSED}
        entries: _Entries = left | {digest: (0, result) for digest, result in self._used.items()}
        write_cached(self._folder, self._name, _MARK, marshal.dumps(entries))


def write_cached(folder: str, name: str, mark: bytes, content: bytes) -> None:
    """Write a sealed file into a cache folder, which Git ignores."""
    write_trusted(folder, ".gitignore", b"*\n")
    write_sealed(folder, name, mark, content)
