"""The project's typed package: its settings and described statements in; what is to change in its files out."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from pydb.cli.settings import Project, importing_from
from pydb.errors import PydbError
from pydb.findings import Finding
from pydb.header import nearest
from pydb.statement import Definition

if TYPE_CHECKING:
    from pydb.describe import DescribedStatement
    from pydb.generate import Changes

__all__ = ["is_generated", "package_changes", "stale_files"]

STALE = "C701"


def is_generated(project: Project) -> bool:
    """Whether the package is, or is to be, one that ``pydb generate`` writes."""
    from pydb.generate import MARK

    if project.package is None:
        return False
    file = package_folder(project) / "records.py"
    return not file.is_file() or file.read_text(encoding="utf-8").startswith(MARK)


def package_folder(project: Project) -> Path:
    """The folder of the package."""
    return project.root.joinpath(*(project.package or "").split("."))


def package_changes(
    project: Project, path: str, definitions: Iterable[Definition], described: Iterable[DescribedStatement]
) -> tuple[Sequence[Finding], Changes]:
    """What has to happen to the package's files; nothing where there are findings."""
    from pydb.generate import Changes, Options, changes, generate

    wanted = list(definitions)
    _check_bases(project, {definition.record for definition in wanted if definition.record})
    root = project.root
    folder = package_folder(project)
    options = Options(
        package=project.package or "",
        sql=Path(os.path.relpath(path, folder)).as_posix(),
        by_hand=_by_hand(project),
        bases=project.bases,
        root=root,
        own=frozenset(entry.stem for entry in root.iterdir() if entry.is_dir() or entry.suffix == ".py"),
    )
    files, findings = generate(wanted, described, path, options)
    return findings, Changes(folder, {}, ()) if findings else changes(folder, files)


def stale_files(plan: Changes) -> list[Finding]:
    """A finding for each file that is not as it would be written."""
    stale = [(path, "is missing or is not what its SQL says") for path in plan.texts]
    stale += [(path, "is generated, but its SQL is gone") for path in plan.gone]
    return [
        Finding(os.path.relpath(plan.folder / path), 1, None, STALE, f"the file {why}", hint="run pydb generate")
        for path, why in sorted(stale)
    ]


def _check_bases(project: Project, records: set[str]) -> None:
    for name in project.bases:
        if name not in records:
            hint = nearest(name, records) or "the records are those that the headers name"
            raise PydbError(f"[tool.pydb] records.{name}: no statement returns a record {name}", hint=hint)


def _by_hand(project: Project) -> ModuleType | None:
    if project.records is None:
        return None
    try:
        with importing_from(project.root):
            return importlib.import_module(project.records)
    except Exception as error:
        raise PydbError(
            f"[tool.pydb] records: {project.records} cannot be imported: {type(error).__name__}: {error}",
            hint="it must not import the generated package",
        ) from error
