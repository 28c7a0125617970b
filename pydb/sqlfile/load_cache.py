"""Load a folder of .sql files, or one, from what the last load left: a path in, Definitions out.

The first load writes its definitions to a file in ``__pycache__``, where Python has what it compiled.  The next one
takes them from there when nothing that decides what they are has changed since: the bytes of every file, which files
there are, pydb's own code, Python, the engines.  The file is never needed: where it is missing, damaged, or in a place
that others may write to, the .sql files are parsed.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydb.engines import engine_names, registration
from pydb.errors import SqlFileError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import check_records, file_bytes, read, statement_files
from pydb.sqlfile.stored_definition import StoredDefinition, stored

__all__ = ["CODE", "load_definitions"]

_PACKAGE = Path(__file__).parent.parent
_MARK = b"pydb load cache 1\n"
_DIGEST = hashlib.sha256().digest_size
_HEAD = len(_MARK) + 2 * _DIGEST

CODE = (
    *("sqlfile/*.py", "support/*.py", "engines/__init__.py"),
    *("engines/*/syntax.py", "engines/*/bodies.py", "engines/*/backslash_modes.py"),
)
"""The files of pydb that decide what a load gives."""


def load_definitions(
    path: str | os.PathLike[str], record_names: frozenset[str] | None = None
) -> tuple[Definition, ...]:
    """What ``loader.read`` returns, and raises, for the same path and records; from the cache where that is sure."""
    top = os.fspath(path)
    place = _place_of(top)
    program = _program() if place else None
    if place is None or program is None:
        return read(top, record_names)
    found = _from_cache(top, place, program)
    if found is None:
        contents: dict[str, bytes] = {}
        found = _Loaded(read(top, contents=contents), None)
        with suppress(TypeError):  # of what cannot be stored there is no cache
            _write(place, _data(found.definitions, _key(top, program, contents)))
    # Of the cache's the records are known without decoding it all.
    if record_names is not None and (found.records is None or not found.records <= record_names):
        check_records(found.definitions, record_names)
    return found.definitions


class _Loaded(NamedTuple):
    """Definitions, and the records that they name where that is known."""

    definitions: tuple[Definition, ...]
    records: frozenset[str] | None


class _Place(NamedTuple):
    """Where the cache of one load is: ``name`` in ``folder``."""

    folder: str
    name: str


def _place_of(top: str) -> _Place | None:
    """The place for a path as it was given, because that stands in the definitions.

    None where nothing can be loaded, and where there is no way to tell who may write to a file.
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
    """A digest of pydb's own code; None where it is not in files."""
    digest = hashlib.sha256()
    try:
        for file in sorted(file for pattern in CODE for file in _PACKAGE.glob(pattern)):
            data = file.read_bytes()
            digest.update(b"%s %d\n" % (os.fsencode(file.relative_to(_PACKAGE)), len(data)))
            digest.update(data)
    except OSError:
        return None
    return digest.digest() if (_PACKAGE / "sqlfile" / "loader.py").exists() else None


def _program() -> bytes | None:
    """All but the files that decides what a load gives; None where an engine's syntax is not pydb's own code."""
    engines = [registration(name) for name in engine_names()]
    syntaxes = [engine.parts.get("syntax") for engine in engines]
    code = _code()
    if code is None or not all(isinstance(part, str) and part.startswith("pydb.engines.") for part in syntaxes):
        return None
    told = [
        (engine.name, engine.product, engine.overlays, engine.also_called, part)
        for engine, part in zip(engines, syntaxes, strict=True)
    ]
    return b"%s %s %s" % (code, sys.version.encode(), repr(told).encode())


def _key(top: str, program: bytes, contents: Mapping[str, bytes]) -> bytes:
    """A digest of all that decides what a load gives."""
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
    """A cache file's text."""
    records = {name for definition in definitions for name in definition.records}
    items = [(definition.name, bool(definition.optional), stored(definition)) for definition in definitions]
    body = marshal.dumps((sorted(records), items))
    return b"".join((_MARK, key, hashlib.sha256(body).digest(), body))


def _from_cache(top: str, place: _Place, program: bytes) -> _Loaded | None:
    """The definitions of the cache, where there is one of the same files and the same program."""
    data = _read(place)
    if data is None or not data.startswith(_MARK):
        return None
    with suppress(SqlFileError):
        if data[len(_MARK) : len(_MARK) + _DIGEST] != _key(top, program, _contents(top)):
            return None
        body = memoryview(data)[_HEAD:]
        if data[_HEAD - _DIGEST : _HEAD] != hashlib.sha256(body).digest():
            return None
        records, items = marshal.loads(body)
        return _Loaded(tuple(StoredDefinition.of(*item) for item in items), frozenset(records))
    return None


@contextmanager
def _opened(folder: str) -> Iterator[int]:
    """The folder, as a descriptor; raises OSError, PermissionError where others may write to it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _check_owner(os.fstat(descriptor))
        yield descriptor
    finally:
        os.close(descriptor)


def _check_owner(status: os.stat_result) -> None:
    """Refuse what somebody else than this user, or root, can change; raises PermissionError."""
    if status.st_uid not in (0, os.geteuid()) or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError


def _read(place: _Place) -> bytes | None:
    """What is in the cache's file; None where there is none that can be trusted."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        with (
            _opened(place.folder) as folder,
            open(place.name, "rb", opener=lambda name, _: os.open(name, flags, dir_fd=folder)) as stream,
        ):
            status = os.fstat(stream.fileno())
            _check_owner(status)
            return stream.read() if stat.S_ISREG(status.st_mode) else None
    except OSError:
        return None


def _write(place: _Place, data: bytes) -> None:
    """Put a file in the cache's place, whole or not at all; where that is not possible, nothing is done."""
    if sys.dont_write_bytecode:
        return
    new = f"{place.name}.{os.urandom(8).hex()}"
    with suppress(OSError):
        os.makedirs(place.folder, mode=0o755, exist_ok=True)
        with _opened(place.folder) as folder:
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
                with open(new, "wb", opener=lambda name, _: os.open(name, flags, 0o644, dir_fd=folder)) as stream:
                    stream.write(data)
                os.rename(new, place.name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with suppress(OSError):
                    os.unlink(new, dir_fd=folder)
                raise
