"""Repeat the outcome of the last ``pydb check`` or ``pydb generate`` if nothing has changed since then.

In: everything that a run reads, which is files, names in folders, pydb's own code and its libraries.  Out: what the run
printed.  The outcome is not kept if it depends on anything else, such as a server or a module of the application.
"""

from __future__ import annotations

import hashlib
import importlib.util
import marshal
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from typing import Any

from pydb.cli.printing import say
from pydb.cli.report import FORMATS, print_findings
from pydb.findings import Examined, Finding
from pydb.support.cached_results import write_cached
from pydb.support.own_code import code_digest
from pydb.support.trusted_files import read_sealed

__all__ = ["Outcome", "RunInputs", "command_of", "shown_again"]

_FOLDER = ".pydb_cache"
_MARK = b"pydb outcome 1\n"
_MAX_FOLDERS = 16
"""The deepest level of folders: without a limit, a link to a folder above would never end."""

_MAX_FILES, _COMPILED = 10_000, "__pycache__"

_READ = (".sql", ".py", ".toml")
"""The suffixes of files whose content a run reads; of other files only the name counts."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command prints: its ``findings`` with ``counts``, if it ``lists`` them, and a ``closing`` line."""

    findings: Sequence[Finding]
    examined: Sequence[Examined]
    counts: str
    codes: Mapping[str, str]
    lists: bool = True
    closing: str = ""

    def show(self, format_: str) -> int:
        """Print it, and return the exit code."""
        code = 0
        if self.lists:
            code = print_findings(self.findings, format_, self.counts, self.examined, self.codes)
        if self.closing:
            say(self.closing)
        return 0 if self.closing else code


@dataclass(frozen=True, slots=True)
class RunInputs:
    """What a run reads: ``command`` with its options, the ``files``, and the folders ``trees`` with everything in them.

    Of the folders ``listings`` only the names in them count.
    """

    command: tuple[str, ...]
    files: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    digest: bytes | None = field(default=None, compare=False)

    def as_they_are(self) -> RunInputs:
        """These inputs with a digest of their content now."""
        return RunInputs(self.command, self.files, self.trees, self.listings, _digest_of(self))

    def keep(self, folder: str, outcome: Outcome) -> None:
        """Keep the outcome of a run that began with these inputs, if they are still the same."""
        if self.digest is None or self.as_they_are().digest != self.digest:
            return
        items = [astuple(item) for item in outcome.findings], [astuple(item) for item in outcome.examined]
        shown = (*items, outcome.counts, dict(outcome.codes), outcome.lists, outcome.closing)
        content = marshal.dumps(((self.files, self.trees, self.listings), self.digest, shown))
        write_cached(folder, _name(self.command), _MARK, content)


def shown_again(arguments: Sequence[str]) -> int | None:
    """Print what the last run with these arguments printed, and return its exit code; None if the command must run."""
    asked = _asked(arguments)
    if asked is None:
        return None
    command, format_ = asked
    try:
        folder = os.getcwd()
    except OSError:  # the folder was removed
        return None
    while (content := read_sealed(os.path.join(folder, _FOLDER), _name(command), _MARK)) is None:
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    outcome = None
    with suppress(Exception):  # an outcome that cannot be read is none
        outcome = _outcome(command, content)
    return None if outcome is None else outcome.show(format_)


def command_of(name: str, format_: str, **flags: bool) -> tuple[str, ...]:
    """A command and its options in one spelling."""
    return (name, format_, *sorted(flag for flag, given in flags.items() if given))


def _asked(arguments: Sequence[str]) -> tuple[tuple[str, ...], str] | None:
    """The command and its format; None for other commands and for options whose outcome is not kept."""
    if not arguments or arguments[0] not in ("check", "generate"):
        return None
    name, *options = arguments
    format_, only_check = "text", False
    while options:
        option = options.pop(0)
        if option == "--check" and name == "generate":
            only_check = True
        elif option == "--format" and options and options[0] in FORMATS:
            format_ = options.pop(0)
        elif option.startswith("--format=") and option.partition("=")[2] in FORMATS:
            format_ = option.partition("=")[2]
        else:
            return None
    return command_of(name, format_, check=only_check), format_


def _name(command: tuple[str, ...]) -> str:
    given = repr((os.getcwd(), command)).encode("utf-8", "surrogateescape")
    return f"outcome.{command[0]}.{hashlib.sha256(given).hexdigest()[:16]}"


def _outcome(command: tuple[str, ...], content: memoryview) -> Outcome | None:
    (files, trees, listings), digest, shown = marshal.loads(content)
    if RunInputs(command, files, trees, listings).as_they_are().digest != digest:
        return None
    findings, examined, *rest = shown
    return Outcome([Finding(*item) for item in findings], [Examined(*item) for item in examined], *rest)


def _digest_of(inputs: RunInputs) -> bytes | None:
    """A digest of everything that decides an outcome; None if something cannot be read."""
    digest = hashlib.sha256()
    try:
        for part in (*_program(), *_parts(inputs)):
            digest.update(b"%d " % len(part))
            digest.update(part)
    except (OSError, ImportError, TypeError):
        return None
    return digest.digest()


def _program() -> Iterator[bytes]:
    """The program that decides the outcome: pydb, Python, and the libraries that ``pydb check`` imports."""
    import _sqlite3

    import apsw

    code = code_digest()
    if code is None:
        raise OSError
    yield code
    yield sys.version.encode()
    yield os.fsencode(os.getcwd())
    for connect in (_sqlite3.connect, apsw.Connection):
        connection: Any = connect(":memory:")
        asked = ("SELECT sqlite_version(), sqlite_source_id()", "PRAGMA compile_options")
        yield repr([list(connection.execute(query)) for query in asked]).encode()
        connection.close()
    found = importlib.util.find_spec("sqlglot")
    if found is None or found.origin is None:
        raise OSError
    yield _bytes(os.path.join(os.path.dirname(found.origin), "_version.py")) or b""
    yield apsw.apsw_version().encode()


def _parts(inputs: RunInputs) -> Iterator[bytes]:
    yield _spelled((inputs.command, inputs.files, inputs.trees, inputs.listings))
    yield from map(_content, inputs.files)
    for folder in inputs.listings:
        with os.scandir(folder) as entries:
            named = [(entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith((".", "__"))]
        yield _spelled(sorted(named))
    left = _MAX_FILES
    for tree in inputs.trees:
        for folder, folders, files in _folders(tree):
            left -= len(files)
            if left < 0:
                raise OSError("too many files to read on each run")
            read = [name for name in files if name.endswith(_READ)]
            compiled = os.path.basename(folder) == _COMPILED
            if compiled and not read:
                continue
            links = [name for name in (*folders, *read) if os.path.islink(os.path.join(folder, name))]
            kept = [name for name in folders if name != _COMPILED]
            yield _spelled((folder, kept, read if compiled else files, links))
            yield from (_content(os.path.join(folder, name)) for name in read)


def _folders(tree: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each folder of a tree, with its folders and files in order; not the hidden ones, which no command reads."""
    for folder, folders, files in os.walk(tree, onerror=_raise, followlinks=True):
        if len(os.path.relpath(folder, tree).split(os.sep)) > _MAX_FOLDERS:
            raise OSError("too many nested folders: does a link point to a folder above?")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield folder, folders, sorted(files)


def _spelled(value: object) -> bytes:
    return repr(value).encode("utf-8", "surrogateescape")


def _content(file: str) -> bytes:
    content = _bytes(file)
    return b"none" if content is None else b"file" + content


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _bytes(file: str) -> bytes | None:
    try:
        with open(file, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None
