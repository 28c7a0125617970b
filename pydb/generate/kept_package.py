"""Cache the files of a generated package: everything that they depend on in, their texts out."""

from __future__ import annotations

import hashlib
import marshal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePosixPath

from pydb.generate.build import Options
from pydb.support.kept_results import KeptResults
from pydb.support.own_code import code_digest

__all__ = ["KeptPackage"]


class KeptPackage:
    """The package of an earlier command, if everything that its files depend on is the same.

    ``interface`` is a digest of everything in the descriptions that they depend on, ``docs`` are the descriptions of
    the .sql files.
    """

    def __init__(self, folder: str, interface: bytes, docs: Mapping[str, str], options: Options) -> None:
        self._kept = KeptResults(folder, "package")
        code = code_digest()
        facts = (
            *(sys.version, code, interface, docs, options.package, options.sql, options.asynchronous),
            *(sorted(options.own), options.bases),
        )
        # The code of records that the application defines itself is not part of the facts.
        is_known = code is not None and options.by_hand is None
        self._digest = hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).digest() if is_known else None

    def files(self) -> dict[PurePosixPath, str] | None:
        """The texts of its files, which compile; None if no such package is cached."""
        data = None if self._digest is None else self._kept.get(self._digest)
        if data is not None:
            with suppress(Exception):  # an entry that cannot be read counts as missing
                return {PurePosixPath(path): text for path, text in marshal.loads(data)}
        return None

    def keep(self, files: Mapping[PurePosixPath, str]) -> None:
        """Write the files to the cache."""
        if self._digest is not None:
            self._kept.add(self._digest, marshal.dumps([(str(path), text) for path, text in files.items()]))
            self._kept.save()
