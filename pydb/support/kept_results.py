"""Cache results by the digests of what they depend on: a folder and digests in, bytes out.

A result that is not requested for a while is dropped.  The file is never needed: if it is missing, damaged, or in a
place that other users may write to, there are no results.
"""

from __future__ import annotations

import hashlib
import marshal

from pydb.support.trusted_files import read_trusted, write_trusted

__all__ = ["KeptResults"]

_MARK = b"pydb results 1\n"
_HEAD = len(_MARK) + hashlib.sha256().digest_size
_UNUSED = 3
"""How often a file is written before a result that was not requested meanwhile is dropped."""

_Entries = dict[bytes, tuple[int, bytes]]
"""By digest: how often the file was written since the result was requested, and the result."""


class KeptResults:
    """The results of one kind, in the file ``name`` of ``folder``."""

    def __init__(self, folder: str, name: str) -> None:
        self._folder, self._name = folder, name
        self._known = _entries(read_trusted(folder, name))
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
        body = marshal.dumps(entries)
        write_trusted(self._folder, ".gitignore", b"*\n")
        write_trusted(self._folder, self._name, b"".join((_MARK, hashlib.sha256(body).digest(), body)))


def _entries(data: bytes | None) -> _Entries:
    """The results of a file; none if it is missing or damaged."""
    if data is None or not data.startswith(_MARK):
        return {}
    body = memoryview(data)[_HEAD:]
    if data[len(_MARK) : _HEAD] != hashlib.sha256(body).digest():
        return {}
    entries: _Entries = marshal.loads(body)
    return entries
