"""Generate the package that a proof calls: described statements in; the imported package out.

It is written into a temporary folder with a copy of the SQL.  The copy has only the wanted statements, so that a wrong
statement does not prevent the others from being called.
"""

from __future__ import annotations

import importlib
import itertools
import os
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from pydb.describe import DescribedStatement
from pydb.errors import SqlFileError
from pydb.findings import Finding
from pydb.generate import Options, generate
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.header import LOOKS_LIKE_HEADER
from pydb.sqlfile.loader import file_text, statement_files
from pydb.support.file_sets import write_files

__all__ = ["generated", "pieces", "refused"]

_NAME = re.compile(r"--\s*name:\s*(\w+)")
_PACKAGE = "pydb_proven"
_numbers = itertools.count(1)


def refused(described: Sequence[DescribedStatement], sql: str, options: Options) -> dict[str, list[Finding]]:
    """The reasons why statements get no function: their G findings, by name."""
    found: dict[str, list[Finding]] = {}
    options = replace(options, package=_PACKAGE)
    while True:
        left = [item for item in described if item.definition.name not in found]
        _, findings = generate(_definitions(left), left, sql, options)
        errors = [finding for finding in findings if finding.level == "error"]
        if not errors:
            return found
        for finding in errors:
            # A finding about a record is reported at one of its statements.
            found.setdefault(finding.statement or left[0].definition.name, []).append(finding)


@contextmanager
def generated(described: Sequence[DescribedStatement], sql: str, options: Options) -> Iterator[ModuleType]:
    """The imported package of these statements; ``refused`` must not name any of them."""
    name = f"{_PACKAGE}_{next(_numbers)}"
    with TemporaryDirectory(prefix="pydb-proven-") as folder:
        root = Path(folder, "code")
        copy = _copied(sql, Path(folder), {item.definition.name for item in described})
        written = replace(options, package=name, sql=Path(os.path.relpath(copy, root / name)).as_posix())
        files, _ = generate(_definitions(described), described, str(copy), written)
        write_files({root / name / path: text for path, text in files.items()}, [])
        sys.path.insert(0, str(root))
        importlib.invalidate_caches()
        try:
            with options.modules.importing():
                yield importlib.import_module(name)
        finally:
            sys.path.remove(str(root))
            for module in [module for module in sys.modules if module.partition(".")[0] == name]:
                del sys.modules[module]


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The statements of a file as (name, text), the text before the first one under the name ''."""
    starts = [match.start() for match in LOOKS_LIKE_HEADER.finditer(text)]
    yield "", text[: starts[0]] if starts else text
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        found = _NAME.match(text, start)
        yield found.group(1) if found else "", text[start:end]


def _definitions(described: Sequence[DescribedStatement]) -> list[Definition]:
    return list({item.definition.name: item.definition for item in described}.values())


def _copied(sql: str, folder: Path, names: Collection[str]) -> Path:
    """A copy of the folder or file of SQL, with the statements of these names."""
    top = Path(sql)
    files = [(None, (top.stem,), sql)] if top.is_file() else list(statement_files(sql, lambda _: None))
    copy = folder / top.name if top.is_file() else folder / "sql"
    for _, parts, file in files:
        try:
            found = list(pieces(file_text(file)))
        except SqlFileError:
            continue  # it contains no wanted statement
        kept = [text for name, text in found if not name or ".".join((*parts, name)) in names]
        target = copy if top.is_file() else copy / os.path.relpath(file, sql)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(kept), encoding="utf-8")
    return copy
