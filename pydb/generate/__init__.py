"""The typed package of a folder of SQL: described statements in, the text of each file out.

files, findings = generate(definitions, described, "sql", Options(package="app.db", sql="../../sql"))
write(changes(folder, files, Owner("app.db", "sql")))
"""

from __future__ import annotations

import hashlib
import os
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from pydb.describe import DescribedStatement
from pydb.errors import PydbError
from pydb.findings import Finding
from pydb.generate.build import Options, build
from pydb.generate.cached_package import CachedPackage
from pydb.generate.files import Changes, changes, write
from pydb.generate.ownership import ASYNC, MARK, RECORDS, TYPES, Owner, first_line
from pydb.generate.render import render_package
from pydb.generate.render_async import render_async
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.header import LOOKS_LIKE_HEADER
from pydb.sqlfile.loader import file_text, statement_files
from pydb.support.cached_results import CachedResults

__all__ = [
    "ASYNC",
    "MARK",
    "RECORDS",
    "TYPES",
    "Changes",
    "Options",
    "Owner",
    "changes",
    "first_line",
    "generate",
    "write",
]

ABSENT = "G106"


def generate(
    definitions: Iterable[Definition],
    described: Iterable[DescribedStatement],
    sql: str,
    options: Options,
    cache: str | None = None,
    interface: bytes | None = None,
) -> tuple[Mapping[PurePosixPath, str], Sequence[Finding]]:
    """The files by their paths inside the package's folder, and notes; or no files, and the findings that prevent them.

    ``described`` has the descriptions of each statement on its engines, the leading engine first.  ``sql`` is the
    folder or file from which the definitions were read.  ``cache`` is the folder of the results of earlier commands.
    ``interface`` is a digest of everything in ``described`` that the files depend on; without one they are not cached.
    """
    forms: dict[str, list[DescribedStatement]] = defaultdict(list)
    for form in described:
        forms[form.definition.name].append(form)
    wanted = list(definitions)
    absent = [_absent(definition) for definition in wanted if definition.name not in forms]
    if absent:
        return {}, absent
    docs = descriptions(sql)
    cached = None if cache is None or interface is None else CachedPackage(cache, interface, docs, options)
    if cached is not None and (found := cached.files()) is not None:
        return found, []
    package, findings = build((forms[definition.name] for definition in wanted), docs, options)
    if package is None:
        return {}, findings
    sources = {PurePosixPath(*name.split(".")[:-1]).with_suffix(".py"): forms[name][0].definition for name in forms}
    files = render_package(package)
    if package.asynchronous:
        files |= render_async(package)
    known = None if cache is None else CachedResults(cache, "compiled")
    for path, text in files.items():
        _check_new_text(path, text, sources[path].file if path in sources else sql, known)
    if known is not None:
        known.save()
    if cached is not None and not findings:
        cached.keep(files)
    return files, findings


def _check_new_text(path: PurePosixPath, text: str, source: str, known: CachedResults | None) -> None:
    """Call ``_check_python``, unless an earlier command has compiled the same text with this Python."""
    digest = hashlib.sha256(repr((sys.version, str(path), text)).encode("utf-8", "surrogateescape")).digest()
    if known is None or known.get(digest) is None:
        _check_python(path, text, source)
        if known is not None:
            known.add(digest, b"")


def _check_python(path: PurePosixPath, text: str, source: str) -> None:
    """Raise PydbError if the file does not compile, before any file is written."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SyntaxWarning)
            compile(text, str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        what = f"{type(error).__name__} in line {error.lineno}" if isinstance(error, SyntaxError) else str(error)
        message = f"{path}, generated from it, would not be valid Python: {what}"
        raise PydbError(message, file=source, hint="this is a bug in pydb: report it with the file") from error


def _absent(definition: Definition) -> Finding:
    engines = " and ".join(definition.forms)
    hint = "name one with --db"
    message = f"it exists only on {engines}, and no database of {engines} was given"
    return Finding(definition.file, definition.line, None, ABSENT, message, definition.name, hint)


def descriptions(sql: str) -> dict[str, str]:
    """The description at the top of each file, by the file's name as in the names of its statements."""
    if os.path.isfile(sql):
        return {os.path.splitext(os.path.basename(sql))[0]: _description(sql)}
    found: dict[str, str] = {}
    # The description of the shared file is preferred to that of an overlay.
    for _, parts, file in sorted(statement_files(sql), key=lambda entry: (entry[1], entry[0] or "")):
        text = _description(file)
        if text:
            found.setdefault(".".join(parts), text)
    return found


def _description(file: str) -> str:
    text = file_text(file)
    header = LOOKS_LIKE_HEADER.search(text)
    lines = [line.strip() for line in text[: header.start() if header else len(text)].split("\n")]
    comments = [line.removeprefix("--").removeprefix(" ") for line in lines if line.startswith("--")]
    return "\n".join(comments).strip()
