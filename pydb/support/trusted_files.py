"""Read and write cache files that no other user can change: a folder and a name in, bytes in or out.

A file in a place that other users may write to is not read.  A file is written completely or not at all.  A *sealed*
file also contains a mark of its format and a digest of its content, so that a damaged file counts as missing.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["read_sealed", "read_trusted", "write_sealed", "write_trusted"]

_DIGEST = hashlib.sha256().digest_size


def read_trusted(folder: str, name: str) -> bytes | None:
    """The content of a file; None if the file is missing or cannot be trusted."""
    if os.name != "posix":  # this system does not say who may write to a file
        return None
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        with (
            _opened(folder) as place,
            open(name, "rb", opener=lambda name, _: os.open(name, flags, dir_fd=place)) as stream,
        ):
            status = os.fstat(stream.fileno())
            _check_owner(status)
            return stream.read() if stat.S_ISREG(status.st_mode) else None
    except OSError:
        return None


def write_trusted(folder: str, name: str, data: bytes) -> None:
    """Write a file, and its folder if needed, completely or not at all; do nothing if that is not possible."""
    if os.name != "posix":
        return
    new = f"{name}.{os.urandom(8).hex()}"
    with suppress(OSError):
        os.makedirs(folder, mode=0o755, exist_ok=True)
        with _opened(folder) as place:
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
                with open(new, "wb", opener=lambda name, _: os.open(name, flags, 0o644, dir_fd=place)) as stream:
                    stream.write(data)
                os.rename(new, name, src_dir_fd=place, dst_dir_fd=place)
            except BaseException:
                with suppress(OSError):
                    os.unlink(new, dir_fd=place)
                raise


def read_sealed(folder: str, name: str, mark: bytes) -> memoryview | None:
    """The content of a sealed file; None if the file is missing, damaged, or cannot be trusted."""
    data = read_trusted(folder, name)
    if data is None or not data.startswith(mark):
        return None
    content = memoryview(data)[len(mark) + _DIGEST :]
    return content if data[len(mark) : len(mark) + _DIGEST] == hashlib.sha256(content).digest() else None


def write_sealed(folder: str, name: str, mark: bytes, content: bytes) -> None:
    """Write a sealed file in the same way as ``write_trusted``."""
    write_trusted(folder, name, b"".join((mark, hashlib.sha256(content).digest(), content)))


@contextmanager
def _opened(folder: str) -> Iterator[int]:
    """The folder as a descriptor.  Raises OSError; PermissionError if other users may write to the folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _check_owner(os.fstat(descriptor))
        yield descriptor
    finally:
        os.close(descriptor)


def _check_owner(status: os.stat_result) -> None:
    """Raise PermissionError if a user other than this one and root can change the file."""
    if status.st_uid not in (0, os.geteuid()) or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError
