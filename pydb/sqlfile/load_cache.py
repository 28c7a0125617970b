"""Load a .sql file or a folder of them, from the cache of the last load if possible: a path in, Definitions out.

The first load writes its definitions to a file in ``__pycache__``, where Python keeps compiled modules.  The next load
reads them from there if nothing that determines them has changed: the list of files, the bytes of each file, pydb's
code, Python, the engines.  The cache is never required: if it is missing or damaged, or if other users may write to its
folder, the .sql files are parsed.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from pydb.engines import engine_names, registration
from pydb.errors import SqlFileError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import check_records, file_bytes, read, statement_files
from pydb.sqlfile.stored_definition import StoredDefinition
from pydb.sqlfile.stored_nouns import stored
from pydb.support.own_code import PACKAGE, files_digest
from pydb.support.trusted_files import read_sealed, write_sealed

__all__ = ["CODE", "load_definitions", "program_digest"]

_MARK = b"pydb load cache 1\n"
_KEY = hashlib.sha256().digest_size
"""The number of bytes of the key, with which a cache file begins."""

CODE = (
    *("sqlfile/*.py", "support/*.py", "engines/__init__.py"),
    *("engines/*/syntax.py", "engines/*/bodies.py", "engines/*/backslash_modes.py"),
)
"""The files of pydb that determine the result of a load."""


def load_definitions(
    path: str | os.PathLike[str], record_names: frozenset[str] | None = None
) -> tuple[Definition, ...]:
    """Return or raise what ``loader.read`` does for the same path and records; use the cache if it is valid."""
    top = os.fspath(path)
    place = _place_of(top)
    program = _program() if place else None
    if place is None or program is None:
        return read(top, record_names)
    found = _from_cache(top, place, program)
    if found is None:
        contents: dict[str, bytes] = {}
        found = _Loaded(read(top, contents=contents), None)
        with suppress(TypeError):  # definitions that cannot be stored are not cached
            data = _data(found.definitions, _key(top, program, contents))
            if not sys.dont_write_bytecode:
                write_sealed(place.folder, place.name, _MARK, data)
    # The cache lists its records, so they are known without decoding the definitions.
    if record_names is not None and (found.records is None or not found.records <= record_names):
        try:
            check_records(found.definitions, record_names)
        except SqlFileError:
            return read(top, record_names)  # read() raises the error with the line of SQL
    return found.definitions


class _Loaded(NamedTuple):
    """Definitions, and the records that they name; None if these are unknown."""

    definitions: tuple[Definition, ...]
    records: frozenset[str] | None


class _Place(NamedTuple):
    """Where the cache of one load is: ``name`` in ``folder``."""

    folder: str
    name: str


def _place_of(top: str) -> _Place | None:
    """The place of the cache for a path as the caller has written it, because the definitions contain the path.

    None if nothing can be loaded, or if the system cannot report who may write to a file.
    """
    if os.name != "posix" or not os.path.exists(top):
        return None
    sources = os.path.dirname(top) if os.path.isfile(top) else top
    if sys.pycache_prefix is None:
        folder = os.path.join(sources, "__pycache__")
    else:
        folder = os.path.join(sys.pycache_prefix, os.path.abspath(sources).lstrip(os.sep))
    given = hashlib.sha256(os.fsencode(top)).hexdigest()[:16]
    return _Place(folder, f"pydb-load.{sys.implementation.cache_tag}.{given}")


@cache
def _code() -> bytes | None:
    """A digest of the code that determines the result of a load; None if it is not in files."""
    return files_digest(PACKAGE, sorted(file for pattern in CODE for file in PACKAGE.glob(pattern)))


def _program() -> bytes | None:
    """What determines a load besides the files; None if an engine's syntax is not code of pydb."""
    engines = [registration(name) for name in engine_names()]
    syntaxes = [engine.parts.get("syntax") for engine in engines]
    code = _code()
    if code is None or not all(isinstance(part, str) and part.startswith("pydb.engines.") for part in syntaxes):
        return None
    described = [
        (engine.name, engine.product, engine.overlays, engine.also_called, part)
        for engine, part in zip(engines, syntaxes, strict=True)
    ]
    return b"%s %s %s" % (code, sys.version.encode(), repr(described).encode())


def program_digest() -> bytes | None:
    """A digest of what determines a load besides the files; None if it is unknown."""
    program = _program()
    return None if program is None else hashlib.sha256(program).digest()


def _key(top: str, program: bytes, contents: Mapping[str, bytes]) -> bytes:
    """A digest of everything that determines a load."""
    digest = hashlib.sha256(b"%d %s %s" % (len(program), program, os.fsencode(top)))
    for file in sorted(contents):
        digest.update(b"\0%s\0%d\0" % (os.fsencode(file), len(contents[file])))
        digest.update(contents[file])
    return digest.digest()


def _contents(top: str) -> dict[str, bytes]:
    """The bytes of the files that a load of ``top`` reads; raises SqlFileError."""
    files = [top] if os.path.isfile(top) else [file for _, _, file in statement_files(top)]
    return {file: file_bytes(file) for file in files}


def _data(definitions: tuple[Definition, ...], key: bytes) -> bytes:
    """The content of a cache file."""
    records = {name for definition in definitions for name in definition.records}
    items = [(definition.name, bool(definition.optional), stored(definition)) for definition in definitions]
    return key + marshal.dumps((sorted(records), items))


def _from_cache(top: str, place: _Place, program: bytes) -> _Loaded | None:
    """The definitions of the cache; None if there is no cache of the same files and the same program."""
    content = read_sealed(place.folder, place.name, _MARK)
    if content is None:
        return None
    with suppress(SqlFileError):
        if content[:_KEY] != _key(top, program, _contents(top)):
            return None
        records, items = marshal.loads(content[_KEY:])
        return _Loaded(tuple(StoredDefinition.of(*item) for item in items), frozenset(records))
    return None
