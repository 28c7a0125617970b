"""Where the command line finds its project: options, $DATABASE_URL and [tool.pydb] in; paths and a URL out."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from pydb.engines import rules_for
from pydb.errors import PydbError
from pydb.escapes import Lines
from pydb.statement import ENGINES
from pydb.urls import parse_url

__all__ = ["Project", "engine_of", "find_project", "importing_from", "sqlite_file", "url_of"]

KEYS = ("sql", "schema", "url", "package", "records")


@dataclass(frozen=True, slots=True)
class Project:
    """[tool.pydb] of the nearest pyproject.toml that has it; without one, ``file`` is None and so is the rest.

    ``package`` is the generated package, ``records`` the module of records that are written by hand, ``bases``
    the base classes of generated records, all as dotted names.
    """

    file: Path | None = None
    sql: str | None = None
    schema: str | None = None
    url: str | None = None
    package: str | None = None
    records: str | None = None
    bases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def sql_path(self, option: str | None) -> str:
        """The folder or file of statements, as short as it can be written from here."""
        return option if option is not None else self._path("sql", "--sql FOLDER", self.sql)

    def schema_path(self, option: str | None, engine: str) -> str:
        """The schema script for an engine: ``schema`` for the first one, ``<sql>/<engine>/schema.sql`` for others."""
        if option is not None:
            return option
        if engine != ENGINES[0] and self.sql is not None:
            return os.path.join(self.sql_path(None), engine, "schema.sql")
        return self._path("schema", "--schema FILE", self.schema)

    @property
    def root(self) -> Path:
        """The folder that the project's imports start from: ``src`` beside pyproject.toml, where the package is there.

        Raises PydbError without a project.
        """
        if self.file is None:
            raise PydbError("no pyproject.toml with [tool.pydb] was found", hint="pydb init makes one")
        top, source = (self.package or self.records or "").split(".")[0], self.file.parent / "src"
        return source if source.is_dir() and not (self.file.parent / top).is_dir() else self.file.parent

    def _path(self, key: str, option: str, value: str | None) -> str:
        if self.file is None or value is None:
            raise PydbError(
                f"no {key} is configured",
                hint=Lines(
                    f"give {option}, or write in pyproject.toml:\n\n"
                    '    [tool.pydb]\n    sql = "sql"\n    schema = "schema.sql"\n    url = "sqlite:///app.db"'
                ),
            )
        return _short(self.file.parent / value)


def find_project(start: Path) -> Project:
    """Look for [tool.pydb] in the pyproject.toml of ``start`` and of the folders above it.

    Raises PydbError for a file that is not TOML or a key that pydb does not know.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        table = _table(file) if file.is_file() else None
        if table is not None:
            records, bases = _records(file, table.get("records"))
            package = _dotted(file, "package", table.get("package"))
            return Project(file, table.get("sql"), table.get("schema"), table.get("url"), package, records, bases)
    return Project()


def _table(file: Path) -> dict[str, Any] | None:
    try:
        table: dict[str, Any] | None = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("pydb")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PydbError(str(error), file=_short(file)) from error
    for key, value in (table or {}).items():
        if key not in KEYS:
            near = get_close_matches(key, KEYS, 1) or [", ".join(KEYS)]
            raise PydbError(f"[tool.pydb] has no key {key!r}", file=_short(file), hint=near[0])
        if key in ("sql", "schema", "url", "package") and not isinstance(value, str):
            raise PydbError(f"[tool.pydb] {key} must be text", file=_short(file), hint=f'{key} = "..."')
    return table


def _records(file: Path, value: Any) -> tuple[str | None, dict[str, tuple[str, ...]]]:
    """``records = "app.records"``, or a table with ``module`` and, by record, ``bases``."""
    if not isinstance(value, dict):
        return _dotted(file, "records", value), {}
    bases: dict[str, tuple[str, ...]] = {}
    for name, table in value.items():
        if name == "module":
            continue
        found = table.get("bases") if isinstance(table, dict) and list(table) == ["bases"] else None
        if not isinstance(found, list):
            hint = f'[tool.pydb.records.{name}] bases = ["module.Class"]'
            raise PydbError(f"[tool.pydb] records.{name} must be a table with bases", file=_short(file), hint=hint)
        for base in found:
            if _dotted(file, f"records.{name}.bases", base) is None or "." not in base:
                raise PydbError(f"the base {base} of {name} has no module", file=_short(file), hint="module.Class")
        bases[name] = tuple(found)
    return _dotted(file, "records.module", value.get("module")), bases


def _dotted(file: Path, key: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not all(part.isidentifier() for part in value.split(".")):
        raise PydbError(f"[tool.pydb] {key} must be a dotted name", file=_short(file), hint=f'{key} = "app.db"')
    return value


@contextmanager
def importing_from(root: Path) -> Iterator[None]:
    """The project's modules can be imported from there, installed or not."""
    entry = str(root.absolute())
    sys.path.insert(0, entry)
    try:
        yield
    finally:
        sys.path.remove(entry)


def _short(path: Path) -> str:
    """The path from the current folder where it lies below it, else the whole path."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def url_of(option: str | None, project: Project) -> URL:
    """The database: ``--db``, else $DATABASE_URL, else [tool.pydb], whose SQLite file lies beside pyproject.toml."""
    given = option or os.environ.get("DATABASE_URL")
    if given:
        return parse_url(given)
    if project.file is None or project.url is None:
        raise PydbError("no database is named", hint="give --db URL, or set DATABASE_URL, or url in [tool.pydb]")
    url = parse_url(project.url)
    file = sqlite_file(url)
    return url if file is None else url.set(database=_short(project.file.parent / file))


def sqlite_file(url: URL) -> str | None:
    """The path of a SQLite database, None for one in memory, one given as file: URI, and a server."""
    path = url.database
    is_file = url.get_backend_name() == "sqlite" and path and path != ":memory:" and not path.startswith("file:")
    return path if is_file else None


def engine_of(url: URL) -> str:
    """The engine that a URL speaks to, one of ``ENGINES``.  Raises PydbError for another."""
    return rules_for(url.get_backend_name()).name
