"""Find the parts of a project: options, $DATABASE_URL and [tool.pydb] in; paths and a URL out."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydb.engines import default_engine, engine_names, engine_of_dialect, registration
from pydb.engines.base import rules_for
from pydb.errors import PydbError
from pydb.sqlfile.type_words import SCALARS, scalar_of
from pydb.support.escapes import Lines
from pydb.support.python_names import is_python_name
from pydb.support.suggestions import near_words, nearest
from pydb.values.application_modules import ApplicationModules

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

__all__ = ["Project", "database_file", "engine_of", "find_project", "url_of"]

TEXTS = ("sql", "schema", "url", "migrations")
KEYS = (*TEXTS, "package", "records", "modules", "columns", "async")


@dataclass(frozen=True, slots=True)
class Project:
    """The settings in [tool.pydb] of the nearest pyproject.toml that has that table; without one, all of them are None.

    ``file`` is the pyproject.toml.  The following are dotted names: ``package`` is the generated package, ``records``
    the module of records that are written by hand, ``bases`` the base classes of generated records, and ``modules`` the
    other modules that .sql files may name.  ``columns`` are type words by ``table.column`` in lower case.
    ``migrations`` is the folder of migrations.  ``asynchronous``, which is the key ``async``, says that the package has
    asynchronous functions too.
    """

    file: Path | None = None
    sql: str | None = None
    schema: str | None = None
    url: str | None = None
    package: str | None = None
    records: str | None = None
    bases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    migrations: str | None = None
    asynchronous: bool = False

    def sql_path(self, option: str | None) -> str:
        """The folder or file of statements, as the shortest path from the current folder."""
        return option if option is not None else self._path("sql", "--sql FOLDER", self.sql)

    def schema_path(self, option: str | None, engine: str) -> str:
        """The schema script for an engine: that of the nearest overlay folder, or ``schema`` for the default engine.

        If no script exists, this is the path of the first candidate.
        """
        if option is not None:
            return option
        scripts = self.schema_candidates(engine, self.sql_path(None)) if self.sql is not None else []
        if not scripts or (engine == default_engine() and self.schema is None):
            return self._path("schema", "--schema FILE", self.schema)
        return next((script for script in scripts if Path(script).is_file()), scripts[0])

    def schema_candidates(self, engine: str, sql: str, option: str | None = None) -> list[str]:
        """The paths where an engine's schema script may be, for statements in the folder ``sql``, the nearest first.

        For the default engine, ``option`` is used instead of ``schema``.
        """
        default = option
        if option is None and self.schema is not None:
            default = self._path("schema", "--schema FILE", self.schema)
        return [
            default if overlay == default_engine() and default is not None else os.path.join(sql, overlay, "schema.sql")
            for overlay in registration(engine).overlays
        ]

    def schema_scripts(self, sql: str, option: str | None) -> dict[str, str]:
        """The schema scripts that exist, by engine; ``option`` is that of the default engine.  Raises PydbError."""
        if option is not None and not Path(option).is_file():
            raise PydbError(f"the schema script {option} does not exist")
        scripts: dict[str, str] = {}
        for engine in engine_names():
            found = (script for script in self.schema_candidates(engine, sql, option) if Path(script).is_file())
            if (script := next(found, None)) is not None:
                scripts[engine] = script
        return scripts

    def migrations_path(self, option: str | None) -> str:
        """The folder of migrations: by default ``migrations`` beside pyproject.toml."""
        if option is not None:
            return option
        return self._path("migrations", "--migrations FOLDER", self.migrations or "migrations")

    @property
    def root(self) -> Path:
        """The folder from which modules are imported: ``src`` if the package is in it, else that of pyproject.toml.

        Raises PydbError without a project.
        """
        if self.file is None:
            raise PydbError("no pyproject.toml with [tool.pydb] was found", hint="`pydb init` creates one")
        top, source = (self.package or self.records or "").split(".")[0], self.file.parent / "src"
        return source if source.is_dir() and not (self.file.parent / top).is_dir() else self.file.parent

    @property
    def cache_folder(self) -> str | None:
        """The cache folder of earlier commands, beside pyproject.toml; None without a project."""
        return None if self.file is None else str(self.file.parent / ".pydb_cache")

    @property
    def own_modules(self) -> ApplicationModules:
        """The modules that .sql files may name: the project's packages, and the modules in [tool.pydb]."""
        packages = {name.partition(".")[0] for name in (self.package, self.records) if name is not None}
        bases = {base.rpartition(".")[0] for listed in self.bases.values() for base in listed}
        root = self.root if self.file is not None else Path()
        types = {word.rpartition(".")[0] for word in map(scalar_of, self.columns.values()) if "." in word}
        return ApplicationModules(root, frozenset(packages | bases | types | set(self.modules)))

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
            modules = _listed(file, "modules", table.get("modules", []))
            sql, schema, url, migrations = (table.get(key) for key in TEXTS)
            columns = _columns(file, table.get("columns", {}))
            awaits = table.get("async", False)
            return Project(file, sql, schema, url, package, records, bases, modules, columns, migrations, awaits)
    return Project()


def _table(file: Path) -> dict[str, Any] | None:
    try:
        tools = tomllib.loads(file.read_text(encoding="utf-8")).get("tool")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PydbError(str(error), file=_short(file)) from error
    table: Any = tools.get("pydb") if isinstance(tools, dict) else None
    if not isinstance(table, dict | None):
        raise PydbError(
            "[tool.pydb] must be a table", file=_short(file), hint="write its keys below the line [tool.pydb]"
        )
    for key, value in (table or {}).items():
        if key not in KEYS:
            near = near_words(key, KEYS) or [", ".join(KEYS)]
            raise PydbError(f"[tool.pydb] has no key {key!r}", file=_short(file), hint=near[0])
        if key == "async" and not isinstance(value, bool):
            raise PydbError("[tool.pydb] async must be true or false", file=_short(file), hint="async = true")
        if key in TEXTS and (not isinstance(value, str) or "\0" in value):
            raise PydbError(f"[tool.pydb] {key} must be text", file=_short(file), hint=f'{key} = "..."')
    return table


def _records(file: Path, value: Any) -> tuple[str | None, dict[str, tuple[str, ...]]]:
    """The key ``records``: ``"app.records"``, or a table with ``module`` and the ``bases`` of each record."""
    if not isinstance(value, dict):
        return _dotted(file, "records", value), {}
    bases: dict[str, tuple[str, ...]] = {}
    for name, table in value.items():
        if name == "module":
            continue
        if not is_python_name(name):
            hint = "write the record's name as in the headers of its statements"
            raise PydbError(f"[tool.pydb] records: {name!r} is not a record name", file=_short(file), hint=hint)
        if not isinstance(table, dict) or list(table) != ["bases"] or not isinstance(table["bases"], list):
            hint = f'[tool.pydb.records.{name}] bases = ["module.Class"]'
            raise PydbError(f"[tool.pydb] records.{name} must be a table with bases", file=_short(file), hint=hint)
        bases[name] = _listed(file, f"records.{name}.bases", table["bases"])
        for base in bases[name]:
            if "." not in base:
                raise PydbError(f"the base {base} of {name} has no module", file=_short(file), hint="module.Class")
    return _dotted(file, "records.module", value.get("module")), bases


def _columns(file: Path, value: Any) -> dict[str, str]:
    """The table ``[tool.pydb.columns]``: a type word by ``table.column``."""
    example = '[tool.pydb.columns]\n"users.role" = "app.types.Role"'
    if not isinstance(value, dict):
        raise PydbError("[tool.pydb] columns must be a table", file=_short(file), hint=example)
    columns: dict[str, str] = {}
    for name, word in value.items():
        if name.count(".") not in (1, 2) or not all(name.split(".")) or not isinstance(word, str):
            message = f"[tool.pydb.columns] {name!r}: the key must be table.column, and the type must be text"
            raise PydbError(message, file=_short(file), hint=example)
        if word.endswith("?"):
            message = f"[tool.pydb.columns] {name} has a question mark"
            raise PydbError(message, file=_short(file), hint="the schema says whether a column may be NULL")
        if name.lower() in columns:
            raise PydbError(f"[tool.pydb.columns] has {name} twice", file=_short(file), hint="remove one of them")
        scalar = scalar_of(word)
        if scalar not in SCALARS and "." not in scalar:
            hint = nearest(scalar, SCALARS, any_case=True) or "a type word, or an Enum with its module: app.types.Role"
            raise PydbError(f"[tool.pydb.columns] {name}: unknown type {word}", file=_short(file), hint=hint)
        if scalar not in SCALARS:
            _check_dotted(file, f"columns: {name}", scalar)
        columns[name.lower()] = word
    return columns


def _listed(file: Path, key: str, value: Any) -> tuple[str, ...]:
    """A list of dotted names without duplicates."""
    if not isinstance(value, list):
        raise PydbError(f"[tool.pydb] {key} must be a list", file=_short(file), hint=f'{key} = ["app.types"]')
    for name in value:
        _check_dotted(file, key, name)
    if len(set(value)) < len(value):
        raise PydbError(f"[tool.pydb] {key} has a name twice", file=_short(file), hint="remove one of them")
    return tuple(value)


def _dotted(file: Path, key: str, value: Any) -> str | None:
    """Check that a dotted name can be a module of the application."""
    if value is None:
        return None
    name = _check_dotted(file, key, value)
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or top == "sqlalchemy" or name == "pydb":
        message = f"[tool.pydb] {key}: {top} is a module that generated code, or Python itself, imports"
        raise PydbError(message, file=_short(file), hint="name it after the application")
    return name


def _check_dotted(file: Path, key: str, value: Any) -> str:
    """Check that a name can be imported, and that it has no special meaning in Python."""
    parts = value.split(".") if isinstance(value, str) else [""]
    if all(is_python_name(part) and not part.startswith("__") for part in parts):
        return str(value)
    message = f"[tool.pydb] {key} must be a dotted name, not {value!r}"
    raise PydbError(message, file=_short(file), hint="write a name that Python can import, such as app.db")


def _short(path: Path) -> str:
    """The path relative to the current folder if it is below that folder, else the whole path."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def url_of(option: str | None, project: Project) -> URL:
    """The URL: ``--db``, else $DATABASE_URL, else [tool.pydb], whose SQLite path is relative to pyproject.toml."""
    from pydb.database.url import parse_url  # it imports SQLAlchemy

    given = option or os.environ.get("DATABASE_URL")
    if given:
        return parse_url(given)
    if project.file is None or project.url is None:
        raise PydbError("no database is named", hint="give --db URL, or set DATABASE_URL, or url in [tool.pydb]")
    url = parse_url(project.url)
    file = database_file(url)
    return url if file is None else url.set(database=_short(project.file.parent / file))


def database_file(url: URL) -> str | None:
    """The path of the database file that a URL names; None for a database in memory or on a server."""
    return rules_for(url.get_backend_name()).file_of(url)


def engine_of(url: URL) -> str:
    """The engine of a URL, one of ``engine_names()``.  Raises PydbError for another engine."""
    return engine_of_dialect(url.get_backend_name())
