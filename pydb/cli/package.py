"""Compute the project's typed package: settings and described statements in, the changes to its files out."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING

from pydb.errors import PydbError
from pydb.findings import Finding
from pydb.project import Project
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import statement_files
from pydb.support.suggestions import nearest

if TYPE_CHECKING:
    from pydb.describe import DescribedStatement
    from pydb.generate import Changes, Options, Owner

__all__ = [
    "generate_options",
    "is_generated",
    "is_shared",
    "is_whole",
    "package_changes",
    "package_folder",
    "package_sql",
    "stale_files",
]

STALE = "C701"


def is_generated(project: Project) -> bool:
    """Whether ``pydb generate`` writes the package, or has written it."""
    from pydb.generate import MARK, RECORDS, first_line

    if project.package is None:
        return False
    file = package_folder(project) / RECORDS
    return not os.path.lexists(file) or first_line(file).startswith(MARK)


def is_whole(project: Project, option: str | None) -> bool:
    """Whether ``--sql`` names all the SQL from which the package is generated."""
    return option is None or project.sql is None or _same(option, project.sql_path(None))


def package_sql(project: Project, option: str | None) -> tuple[str, PurePosixPath | None]:
    """The SQL from which the package is generated, and if ``--sql`` names one file, the path of its module.

    Raises PydbError if ``--sql`` names other SQL.
    """
    if is_whole(project, option):
        return project.sql_path(option), None
    path = project.sql_path(None)
    for _, parts, file in statement_files(path) if os.path.isdir(path) else ():
        if option is not None and _same(file, option):
            return path, PurePosixPath(*parts).with_suffix(".py")
    message = f"the package {project.package} is generated from {path}, but --sql names {option}"
    raise PydbError(message, hint="leave --sql out, or name one .sql file of it")


def _same(one: str, other: str) -> bool:
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


def package_folder(project: Project) -> Path:
    """The folder of the package."""
    return project.root.joinpath(*(project.package or "").split("."))


def package_changes(
    project: Project,
    path: str,
    definitions: Iterable[Definition],
    described: Iterable[DescribedStatement],
    only: PurePosixPath | None = None,
    cache: str | None = None,
    interface: bytes | None = None,
) -> tuple[Sequence[Finding], Changes]:
    """The findings, and the changes to the package's files; no changes if a finding is an error.

    With ``only``, a module, only its files and those that all modules share are changed.
    """
    from pydb.generate import ASYNC, RECORDS, Changes, Owner, changes, generate

    wanted = list(definitions)
    _check_bases(project, {definition.record for definition in wanted if definition.record})
    folder = package_folder(project)
    options = generate_options(project, path)
    owner = Owner(options.package, PurePosixPath(options.sql).name)
    _check_same_sql(project, path, owner)
    files, findings = generate(wanted, described, path, options, cache, interface)
    if not files:
        return findings, Changes(folder, {}, ())
    _check_same_place(project, path, folder, files[RECORDS])
    # One .sql file may be a part of the SQL: the modules of other files are not removed then.
    whole = only is None and os.path.isdir(path)
    plan = changes(folder, files, owner, whole=whole)
    if only is not None:
        own = (only, ASYNC / only)
        plan = dataclasses.replace(plan, texts={p: text for p, text in plan.texts.items() if p in own or is_shared(p)})
    return findings, plan


def generate_options(project: Project, path: str) -> Options:
    """The settings of the project's package, generated from the SQL at ``path``; the defaults without a package."""
    from pydb.generate import Options

    if project.file is None:
        return Options(package="", sql=path)
    return Options(
        package=project.package or "",
        sql=Path(os.path.relpath(path, package_folder(project))).as_posix(),
        by_hand=_by_hand(project),
        bases=project.bases,
        modules=project.own_modules,
        own=_own_modules(project),
        asynchronous=project.asynchronous,
    )


def _own_modules(project: Project) -> frozenset[str]:
    """The top-level names of the project's modules, and the package's name, even before its folder exists."""
    entries = (entry.stem for entry in project.root.iterdir() if entry.is_dir() or entry.suffix == ".py")
    return frozenset({(project.package or "").partition(".")[0], *entries})


def _check_same_sql(project: Project, path: str, owner: Owner) -> None:
    """Refuse SQL from which the package was not generated the last time, if ``--sql`` names it, not the settings."""
    from pydb.generate import MARK, RECORDS, first_line

    file = package_folder(project) / RECORDS
    line = first_line(file)
    if project.sql is None and line.startswith(MARK) and not owner.is_of(line, RECORDS):
        raise _other_sql(project, path, file)


def _check_same_place(project: Project, path: str, folder: Path, records: str) -> None:
    """Refuse another folder with the same name too: ``records.py`` contains the path of its SQL."""
    from pydb.generate import RECORDS

    file = folder / RECORDS
    if project.sql is None and file.is_file():
        places = [_places(text) for text in (file.read_text(encoding="utf-8"), records)]
        if places[0] != places[1]:
            raise _other_sql(project, path, file)


def _places(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.lstrip().startswith("SQL = ")]


def _other_sql(project: Project, path: str, file: Path) -> PydbError:
    message = f"the package {project.package} was generated from other SQL than {path}"
    hint = f'{os.path.relpath(file)} names that SQL; write it in pyproject.toml: [tool.pydb] sql = "sql"'
    return PydbError(message, hint=hint)


def is_shared(path: PurePosixPath) -> bool:
    """Whether a file of the package is generated from more than one .sql file."""
    from pydb.generate import RECORDS, TYPES

    return path in (RECORDS, TYPES) or path.name == "__init__.py"


def stale_files(plan: Changes) -> list[Finding]:
    """A finding for each file that differs from what would be written."""
    stale = [(path, "is missing or does not match its SQL") for path in plan.texts]
    stale += [(path, "is generated, but its SQL no longer exists") for path in plan.gone]
    return [
        Finding(os.path.relpath(plan.folder / path), 1, None, STALE, f"the file {why}", hint="run pydb generate")
        for path, why in sorted(stale)
    ]


def _check_bases(project: Project, records: set[str]) -> None:
    for name in project.bases:
        if name not in records:
            hint = nearest(name, records) or "name a record of a statement's header"
            message = f"[tool.pydb] records.{name}: no statement returns the record {name}"
            raise PydbError(message, file=os.path.relpath(project.file or ""), hint=hint)


def _by_hand(project: Project) -> ModuleType | None:
    if project.records is None:
        return None
    try:
        return project.own_modules.module(project.records)
    except PydbError as error:
        message, hint = f"[tool.pydb] records: {error.message}", "it must not import the generated package"
        raise PydbError(message, file=os.path.relpath(project.file or ""), hint=hint) from error
