"""A project for one test: files in; pydb commands and the generated package out."""

from __future__ import annotations

import importlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from pydb.cli import main

CONFIGURED = """\
[tool.pydb]
sql = "sql"
schema = "schema.sql"
package = "app.db"
"""


GENERATED_KEYS = {
    "sqlite": "integer NOT NULL PRIMARY KEY",
    "postgresql": "bigserial PRIMARY KEY",
    "mariadb": "bigint AUTO_INCREMENT NOT NULL PRIMARY KEY",
}
"""The column definition of a key that the engine makes."""


def project_files(engine: str, schema: str, **statements: str) -> dict[str, str]:
    """The files of a project for one engine: its schema script, and the statements by the name of their file."""
    folder = "" if engine == "sqlite" else f"sql/{engine}/"
    files = {f"{folder or 'sql/'}{name}.sql": text for name, text in statements.items()}
    return {schema_script(engine): schema, **files}


def schema_script(engine: str) -> str:
    """The path of the schema script of such a project."""
    return "schema.sql" if engine == "sqlite" else f"sql/{engine}/schema.sql"


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a command."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a pyproject.toml, which is the current folder while the test runs."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, by path inside the folder."""
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text), encoding="utf-8")

    def read(self, name: str) -> str:
        """The text of a file."""
        return (self.folder / name).read_text(encoding="utf-8")

    def files(self) -> dict[str, str]:
        """The text of every Python file below ``app``, by path."""
        found = sorted((self.folder / "app").rglob("*.py"))
        return {str(file.relative_to(self.folder)): file.read_text(encoding="utf-8") for file in found}

    def pydb(self, *arguments: str) -> Done:
        """Run a pydb command."""
        self.capsys.readouterr()
        code = main(arguments)
        written = self.capsys.readouterr()
        return Done(code, written.out, written.err)

    def generate(self) -> None:
        """Run ``pydb generate``, which must succeed."""
        done = self.pydb("generate")
        assert done.code == 0, done.out + done.err

    def tool(self, *arguments: str) -> str:
        """The output of a Python tool run in the folder, which must succeed."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def imported(self) -> Iterator[ModuleType]:
        """Import the package again, and remove its modules afterwards."""
        _forget("app")
        sys.path.insert(0, str(self.folder))
        importlib.invalidate_caches()
        try:
            yield importlib.import_module("app.db")
        finally:
            sys.path.remove(str(self.folder))
            _forget("app")


def _forget(top: str) -> None:
    for module in [module for module in sys.modules if module.partition(".")[0] == top]:
        del sys.modules[module]


@contextmanager
def project_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], configured: str = CONFIGURED
) -> Iterator[Project]:
    """A project in that folder, without a database in the environment."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    project = Project(folder, capsys)
    project.write({"pyproject.toml": configured})
    _forget("app")
    try:
        yield project
    finally:
        # A command imports modules of the application.
        _forget("app")
