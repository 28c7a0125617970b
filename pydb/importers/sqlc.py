"""Import sqlc's queries: a project's folder, a folder of queries or one file in; pydb's files and schema out.

The format is that of https://docs.sqlc.dev/en/stable/reference/query-annotations.html: ``-- name: GetAuthor :one``.
A ``sqlc.yaml`` or ``sqlc.json``, if there is one, names the queries, the schema and the engine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydb.engines import default_engine, engine_of_dialect
from pydb.errors import PydbError
from pydb.importers.agreement import agreed
from pydb.importers.imported import Imported, ImportedFile, as_name, is_readable, settled
from pydb.importers.narg_filters import with_optional_lines
from pydb.importers.placeholders import with_names
from pydb.importers.sources import (
    cut_at_headers,
    ends_in_semicolon,
    nameless,
    notes_of,
    source_text,
    sql_files,
    without_notes,
)
from pydb.importers.stars import NamedTable, sources_in, without_stars
from pydb.importers.table_columns import listed_columns, tables_of
from pydb.sqlfile.lexer import token_list

__all__ = ["SqlcProject", "import_sqlc", "projects_of", "schemas_of"]

_HEADER = re.compile(
    r"^[ \t]*(?:--|/\*|\#)[ \t]*name:[ \t]+(?P<name>\w+)[ \t]+:(?P<word>\w+)[ \t]*(?:\*/)?[ \t]*\n?", re.MULTILINE
)
_ROWS = {
    "one": "one",
    "many": "many",
    "exec": "exec",
    "execrows": "affected",
    "execresult": "affected",
    "execlastid": "affected",
    "copyfrom": "batch",
    "batchexec": "batch",
    "batchone": "one",
    "batchmany": "many",
    "iter": "many",
}
_CHANGED = {
    "execresult": "it returned the driver's result, and now returns the number of changed rows",
    "execlastid": "it returned the last row's id: add RETURNING, and make it :one scalar",
    "batchone": "it ran once for each row of arguments: call it once for each of them",
    "batchmany": "it ran once for each row of arguments: call it once for each of them",
    "iter": "it returned an iterator, and now returns a list of rows",
    "copyfrom": "it was sent by COPY, and is now a batch of INSERTs",
}
_EMBED = re.compile(r"\bsqlc\.embed\s*\(\s*(?P<table>\w+)\s*\)", re.IGNORECASE)
_ONLY_EMBEDS = re.compile(
    rf"(?P<head>\s*SELECT\s+){_EMBED.pattern}(?:\s*,\s*sqlc\.embed\s*\([^)]*\))*\s+FROM\b", re.IGNORECASE
)
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])(?![A-Z]s(?:[A-Z]|\Z))")
_DOWN = re.compile(
    r"^--[ \t]*(?:\+goose Down|migrate:down|\+migrate Down|---- create above / drop below ----).*", re.M | re.S
)


@dataclass(frozen=True, slots=True)
class SqlcProject:
    """sqlc's configuration of one set of queries."""

    engine: str
    queries: tuple[Path, ...]
    schemas: tuple[Path, ...]

    @property
    def schema(self) -> str:
        """The text of the schema; of migrations, only the parts that go up."""
        files = [file for path in self.schemas for file in ([path] if path.is_file() else sorted(path.glob("*.sql")))]
        texts = [_DOWN.sub("", source_text(file)) for file in files if not file.name.endswith(".down.sql")]
        return "\n".join(ends_in_semicolon(text) for text in texts)


def import_sqlc(source: Path, schema: str | None = None, engine: str | None = None) -> list[ImportedFile]:
    """The files of statements of a project, a folder or a file.

    ``schema`` and ``engine`` override the configuration.  Raises PydbError if there is nothing to read.
    """
    found = []
    for project in projects_of(source, engine):
        text = schema if schema is not None else project.schema
        for queries in project.queries:
            for _, parts, file in sql_files(queries, project.engine):
                found += settled(_file(parts, file, text, project.engine))
    return agreed(found)


def projects_of(source: Path, engine: str | None = None) -> list[SqlcProject]:
    """The sets of queries that a configuration names; the source itself if there is none.  Raises PydbError.

    With ``engine``, these are only the sets for that engine.
    """
    for name in ("sqlc.yaml", "sqlc.yml", "sqlc.json"):
        file = source / name if source.is_dir() else source.parent / "-"
        if file.is_file():
            sets = _sets(_configuration(file))
            named = [one for one in sets if engine is None or _engine_of(one) == engine]
            return [_project(one, source) for one in named]
    return [SqlcProject(engine or default_engine(), (source,), ())]


def schemas_of(projects: Sequence[SqlcProject]) -> dict[str, str]:
    """The schema of each engine.  Raises PydbError if two sets of queries for one engine have different schemas."""
    schemas: dict[str, str] = {}
    for project in (one for one in projects if one.schemas):
        if schemas.setdefault(project.engine, project.schema) != project.schema:
            hint = "import the sets one by one, or name one script with --schema"
            raise PydbError(f"two sets of queries for {project.engine} have different schemas", hint=hint)
    return schemas


def _configuration(file: Path) -> Mapping[str, Any]:
    text = source_text(file)
    if file.suffix == ".json":
        try:
            return dict(json.loads(text))
        except (TypeError, ValueError) as error:
            raise PydbError(f"{file} is not JSON", hint="correct the file, which sqlc reads as JSON") from error
    try:
        import yaml
    except ImportError as error:
        raise PydbError("reading sqlc.yaml needs PyYAML", hint='pip install "pydb[import]"') from error
    try:
        return dict(yaml.safe_load(text) or {})
    except (TypeError, ValueError, yaml.YAMLError) as error:
        raise PydbError(f"{file} is not YAML", hint="correct the file, which sqlc reads as YAML") from error


def _sets(configuration: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The sets of queries in a configuration of either version."""
    return list(configuration.get("sql") or configuration.get("packages") or [])


def _project(one: Mapping[str, Any], folder: Path) -> SqlcProject:
    engine = _engine_of(one)
    if engine is None:
        hint = "choose the queries of one engine with --engine"
        raise PydbError(f"sqlc's engine {one.get('engine', '(none)')}: pydb has no such engine", hint=hint)
    return SqlcProject(engine, _paths(one.get("queries"), folder), _paths(one.get("schema"), folder))


def _engine_of(one: Mapping[str, Any]) -> str | None:
    """The engine of a set of queries; None if pydb does not have it."""
    try:
        return engine_of_dialect(str(one.get("engine", "")))
    except PydbError:
        return None


def _paths(value: object, folder: Path) -> tuple[Path, ...]:
    values = value if isinstance(value, list) else [value] if value else []
    return tuple(folder / str(path) for path in values)


def _file(parts: tuple[str, ...], file: Path, schema: str, engine: str) -> ImportedFile:
    doc, sections = cut_at_headers(file, _HEADER)
    statements = tuple(_statement(*section, schema, engine) for section in sections) or nameless(file)
    overlay = None if engine == default_engine() else engine
    return ImportedFile(parts, statements, str(file), overlay, tuple(doc))


def _statement(header: re.Match[str], section: str, source: str, schema: str, engine: str) -> Imported:
    name, word = snake(header["name"]), header["word"]
    doc = notes_of(section)
    sql = without_notes(section)
    one = Imported(name, _ROWS.get(word, "many"), sql, source, doc=tuple(doc))
    if word not in _ROWS:
        return replace(one, reason=f"sqlc has no annotation :{word}")
    changes = [_CHANGED[word]] if word in _CHANGED else []
    one = replace(one, sql=ends_in_semicolon(sql), changes=tuple(changes))
    # If pydb refuses the lines, the filters stay unchanged.
    tried = (_in_pydb(changed, schema, engine) for changed in (with_optional_lines(one), one))
    return next((made for made in tried if is_readable(made, engine)), _in_pydb(one, schema, engine))


def _in_pydb(one: Imported, schema: str, engine: str) -> Imported:
    return without_stars(with_names(_embedded(one, schema, engine), engine), schema, engine)


def snake(name: str) -> str:
    """``get_author`` for ``GetAuthor``."""
    return as_name(_WORD_START.sub("_", name).lower())


def _embedded(one: Imported, schema: str, engine: str) -> Imported:
    """The statement with the columns of each ``sqlc.embed(t)``, and with a directive for its level."""
    tables = [found["table"] for found in _EMBED.finditer(one.sql)]
    if not tables or one.reason:
        return one
    sources = {source.called.lower(): source for source in sources_in(token_list(_EMBED.sub("1", one.sql), engine))}
    paths = {table: sources.get(table.lower(), NamedTable(table, (table.lower(),))).path for table in tables}
    columns = {table: listed_columns(tables_of(schema, engine), path) for table, path in paths.items()}
    unknown = [table for table in tables if not columns[table]]
    if unknown:
        return replace(one, reason=f"sqlc.embed({unknown[0]}) needs the columns of {unknown[0]}: name the schema")

    def listed(found: re.Match[str]) -> str:
        table = found["table"]
        return ", ".join(f"{table}.{column} AS {table}__{column}" for column in columns[table] or ())

    first = tables[0]
    key = f"{first}.{(columns[first] or ('',))[0]}"
    alone = _ONLY_EMBEDS.match(one.sql)
    source = f"{one.sql[: alone.end('head')]}{key}, {one.sql[alone.end('head') :]}" if alone else one.sql
    levels = [f"@embed {table} {_capital(paths[table][-1])}" for table in dict.fromkeys(tables)]
    sql = _EMBED.sub(listed, source)
    record = "".join(part.capitalize() for part in one.name.split("_"))
    changed = (*one.changes, "sqlc.embed is now @embed" + (f", and the row also has {key}" if alone else ""))
    return replace(one, sql=sql, record=f"{record}Row", doc=(*one.doc, *levels), changes=changed)


def _capital(table: str) -> str:
    word = "".join(part.capitalize() for part in table.split("_"))
    return word.removesuffix("s") if not word.endswith("ss") else word
