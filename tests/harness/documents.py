"""The code blocks of a Markdown document: a file in; its blocks in order, and the result of each one, out.

The conventions are visible to a reader.  If the line before a block ends with a file, as in "`sql/users.sql`:", the
block is the content of that file; if the line contains "add to", the block is appended.  A ``console`` block has
commands after ``$ `` and their output.  In a ``python`` block, ``# …`` after ``print(…)`` is the output.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydb.cli import main
from tests.harness.waiting import ALARM

PROJECT = Path(__file__).parents[2]
DOCUMENTS = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]

# Commands that a test cannot run, because they set up a machine or run this test suite.
NOT_RUN = (".", "make", "git", "pip", "mariadb", "mkdir", "psql")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w./-]+\.(?:sql|py|toml|csv|json))`:$")
_SHELL = re.compile(r"[Ii]n `(sqlite3|psql|mariadb)`:$")
_SHELL_SYNTAX = re.compile(r"[|<>;&$*#]")
_MILLISECONDS = re.compile(r"\b[0-9.]+ ms\b")
_SECONDS = re.compile(r"\bin [0-9.]+s\b")
_SQLITE = re.compile(r"\bSQLite [0-9.]+ and [0-9.]+")
# pytest's plugin is named explicitly, for installations of pydb from before it had one.
_PROGRAMS = f'''\
pydb() {{ "{sys.executable}" -m pydb "$@"; }}
pytest() {{ "{sys.executable}" -m pytest -p pydb.testing -p no:cacheprovider "$@"; }}'''


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block; ``before`` is the line of prose above it, and ``line`` the line where it starts."""

    language: str
    text: str
    before: str
    document: Path
    line: int

    @property
    def file(self) -> str | None:
        """The file whose content is this block."""
        found = _FILE.search(self.before)
        return found[1] if found else None

    @property
    def shell(self) -> str | None:
        """The database shell for which this block is written."""
        found = _SHELL.search(self.before)
        return found[1] if found else None


def blocks(document: Path) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        prose = text[: found.start()].rstrip("\n").rpartition("\n")[2]
        yield Block(found[1], found[2], prose, document, text.count("\n", 0, found.start()) + 2)


class Reader:
    """Follow a document in a folder: write its files, run its Python in one namespace, and run its commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # The namespace is a module, because dataclasses look up their annotations in one.
        self.module = types.ModuleType("document")
        sys.modules["document"] = self.module

    def follow(self, block: Block) -> None:
        """Run the block; raises AssertionError if the result differs from the document."""
        if block.file is not None:
            self._write(block.file, block.text, append="dd to" in block.before)
        elif block.language == "python":
            self._run_python(block)
        elif block.language == "console":
            for command, expected in _commands(block.text):
                if _is_run(command):
                    self._run(command, expected, f"{block.document.name}:{block.line}: {command}")

    def _write(self, name: str, text: str, *, append: bool) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text(encoding="utf-8") + "\n\n" if append else ""
        file.write_text(before + text, encoding="utf-8")

    def _run_python(self, block: Block) -> None:
        # The line numbers in a traceback are those of the document.
        tree = ast.parse("\n" * (block.line - 1) + block.text, str(block.document))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), self._importing():
            exec(compile(tree, str(block.document), "exec"), vars(self.module))
        expected = _promised(block.text)
        if expected:
            _same(printed.getvalue(), "\n".join(expected), f"{block.document.name}:{block.line}")

    @contextlib.contextmanager
    def _importing(self) -> Iterator[None]:
        """Make the modules of the document importable."""
        sys.path.insert(0, str(self.folder))
        try:
            yield
        finally:
            sys.path.remove(str(self.folder))

    def _run(self, command: str, expected: str, where: str) -> None:
        words = shlex.split(command)
        plain = words[0] == "pydb" and not _SHELL_SYNTAX.search(command)
        code, printed = self._pydb(words[1:]) if plain else self._bash(command)
        # A command without output in the document must succeed; an error in the document is expected too.
        assert expected.strip() or code == 0, f"{where}\n{printed}"
        _same(printed, expected, where)

    def _pydb(self, arguments: list[str]) -> tuple[int, str]:
        """The exit code and output of a pydb command, run in this process, because starting Python takes longer."""
        printed = io.StringIO()
        url = os.environ.pop("DATABASE_URL", None)
        try:
            streams = contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed)
            with streams[0], streams[1], self._importing(), self._modules_anew():
                code = main(arguments)
        finally:
            if url is not None:
                os.environ["DATABASE_URL"] = url
        return code, printed.getvalue()

    @contextlib.contextmanager
    def _modules_anew(self) -> Iterator[None]:
        """Import the document's modules again for a command, and restore the document's own imports afterwards."""
        before = self._forget_modules()
        try:
            yield
        finally:
            self._forget_modules()
            sys.modules.update(before)

    def _forget_modules(self) -> dict[str, types.ModuleType]:
        # Modules of other tests' folders are included, because documents use the same names.
        found = {
            name: module for name, module in sys.modules.items() if _place(module).startswith(str(self.folder.parent))
        }
        for name in found:
            del sys.modules[name]
        importlib.invalidate_caches()
        return found

    def _bash(self, command: str) -> tuple[int, str]:
        """The exit code and output of a command line."""
        environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
        environment.pop("DATABASE_URL", None)
        done = subprocess.run(
            ["bash", "-c", f"{_PROGRAMS}\n{command}"],
            cwd=self.folder,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=ALARM,
            check=False,
        )
        return done.returncode, done.stdout


def _place(module: types.ModuleType) -> str:
    """The file of a module, the folder of a package without one, or None."""
    return getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), "")


def _is_run(command: str) -> bool:
    program = shlex.split(command)[0]
    installed = program in ("pydb", "pytest") or shutil.which(program) is not None
    return installed and program not in NOT_RUN and "user:password@" not in command


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with its continuation lines, and the output that the document shows."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            more, _, output = output.partition("\n")
            command = f"{command[:-1].rstrip()} {more.lstrip()}"
        yield command, output


def _promised(source: str) -> list[str]:
    """The comments after the print(…) calls of a block, in order; none unless every print has one."""
    lines = [line for line in source.splitlines() if re.match(r"\s*print\(", line)]
    comments = [line.rpartition("  # ")[2] for line in lines if "  # " in line]
    return comments if len(comments) == len(lines) else []


def _same(actual: str, expected: str, where: str) -> None:
    got, wanted = (
        _SQLITE.sub("SQLite …", _SECONDS.sub("in … s", _MILLISECONDS.sub("… ms", text))).strip().splitlines()
        for text in (actual, expected)
    )
    if wanted:
        assert [line.rstrip() for line in got] == [line.rstrip() for line in wanted], where
