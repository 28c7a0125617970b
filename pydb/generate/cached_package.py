"""Cache the files of a generated package: everything that they depend on in, their texts out."""

from __future__ import annotations

import hashlib
import marshal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePosixPath

from pydb.generate.build import Options
from pydb.support.cached_results import write_cached
from pydb.support.own_code import code_digest
from pydb.support.trusted_files import read_sealed

__all__ = ["CachedPackage"]

_NAME, _MARK = "package", b"pydb package 1\n"


class CachedPackage:
    """The package of an earlier command, if everything that its files depend on is the same.

    ``interface`` is a digest of everything in the descriptions that they depend on, ``docs`` are the descriptions of
    the .sql files.
    """

    def __init__(self, folder: str, interface: bytes, docs: Mapping[str, str], options: Options) -> None:
        self._folder = folder
        code = code_digest()
        facts = (
            *(sys.version, code, interface, docs, options.package, options.sql, options.asynchronous),
            *(sorted(options.own), options.bases),
        )
        # The code of records that the application defines itself is not part of the facts.
        is_known = code is not None and options.by_hand is None
        self._digest = hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).digest() if is_known else b""

    def files(self) -> dict[PurePosixPath, str] | None:
        """The texts of its files, which compile; None if no such package is cached."""
        content = read_sealed(self._folder, _NAME, _MARK) if self._digest else None
        if content is not None and content[: len(self._digest)] == self._digest:
            with suppress(Exception):  # a file that cannot be read counts as missing
                texts = marshal.loads(content[len(self._digest) :])
                return {PurePosixPath(path): text for path, text in texts}
        return None

    def keep(self, files: Mapping[PurePosixPath, str]) -> None:
        """Write the files to the cache."""
        if self._digest:
            texts = [(str(path), text) for path, text in files.items()]
            write_cached(self._folder, _NAME, _MARK, self._digest + marshal.dumps(texts))
