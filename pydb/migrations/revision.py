"""Read an old version of a project: a revision of git in; the project's files in a temporary folder out."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydb.errors import PydbError

__all__ = ["files_at"]


@contextmanager
def files_at(revision: str, folder: Path) -> Iterator[Path]:
    """Write the .sql files below ``folder``, and its pyproject.toml, of a revision of git into a new folder.

    Raises PydbError if git has no such revision, or if git is not installed.
    """
    with TemporaryDirectory(prefix="pydb-") as place:
        for name, data in _archived(revision, folder):
            target = Path(place, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        yield Path(place)


def _archived(revision: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    if revision.startswith("-"):
        raise PydbError(f"{revision} is not a revision", hint="name a branch, a tag or a commit of git")
    listed = (
        _git(["ls-tree", "-r", "-z", "--name-only", revision], revision, folder).decode(errors="replace").split("\0")
    )
    # git refuses a pattern that matches nothing.
    wanted = [":(glob)**/*.sql"] * any(name.endswith(".sql") for name in listed)
    wanted += [":(glob)pyproject.toml"] * ("pyproject.toml" in listed)
    if not wanted:
        return
    content = _git(["archive", "--format=tar", revision, "--", *wanted], revision, folder)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None and ".." not in Path(member.name).parts and not Path(member.name).is_absolute():
                yield member.name, file.read()


def _git(arguments: list[str], revision: str, folder: Path) -> bytes:
    """What a command of git prints.  Raises PydbError."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError:
        raise PydbError("git is not installed", hint="install git: pydb compares with one of its revisions") from None
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise PydbError(
            f"git cannot read the revision {revision}: {why}", hint="name a branch, a tag or a commit of git"
        )
    return done.stdout
