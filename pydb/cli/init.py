"""``pydb init``: a folder in; a project that runs, with SQL, schema, settings, generated package and a test, out."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
import tempfile
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path

import click

from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.origin import origin
from pydb.cli.package import package_changes
from pydb.cli.printing import say
from pydb.errors import PydbError
from pydb.project import find_project
from pydb.sqlfile.loader import read
from pydb.support.file_sets import write_files
from pydb.support.plurals import number_of

__all__ = ["init_command"]

_DIRECT = """
# pydb was not installed from a package index; the project installs it from the same place.
[tool.hatch.metadata]
allow-direct-references = true
"""

TEMPLATES = {
    "pyproject.toml": "pyproject.toml.in",
    "Makefile": "Makefile.in",
    ".gitignore": "gitignore.in",
    "schema.sql": "schema.sql.in",
    "sql/notes.sql": "notes.sql.in",
    "sql/postgresql/schema.sql": "postgresql_schema.sql.in",
    "sql/mariadb/schema.sql": "mariadb_schema.sql.in",
    "@name@/__init__.py": "package.py.in",
    "@name@/__main__.py": "main.py.in",
    "tests/test_notes.py": "test_notes.py.in",
}


@click.command("init")
@click.argument("folder", metavar="[FOLDER]", default=".")
@pass_done_so_far
def init_command(done_so_far: DoneSoFar, folder: str) -> None:
    """Start a project in FOLDER, by default the current one.

    The project has a schema for each engine, a first .sql file, the package that is generated from it, a program, a
    test and a Makefile.  No existing file is overwritten.
    """
    done_so_far.set("no file was written")
    top = Path(folder)
    name = _name(top.absolute().name)
    texts = {target.replace("@name@", name): _text(source, name) for target, source in TEMPLATES.items()}
    _check_free(top, (*texts, f"{name}/db"))
    texts |= _generated(texts)
    write_files(
        {top / target: text for target, text in texts.items()},
        written=lambda: done_so_far.set("the project is written"),
    )
    say(f"{number_of(len(texts), 'file')} written in {os.path.relpath(top)}")
    step = "" if top.absolute() == Path.cwd() else f"cd {shlex.quote(folder)} && "
    say(f"next: {step}make run && make test")


def _name(folder: str) -> str:
    """The name of a Python package made from a folder's name; ``app`` if that is not possible."""
    name = re.sub(r"\W+|\s+", "_", folder.lower(), flags=re.ASCII).strip("_")
    taken = name in sys.stdlib_module_names or name in ("pydb", "sql", "tests", "sqlalchemy") or iskeyword(name)
    return name if name.isidentifier() and not taken else "app"


def _text(source: str, name: str) -> str:
    text = (files("pydb.cli") / "new" / source).read_text(encoding="utf-8").replace("@name@", name)
    found = origin()
    text = text.replace('"@pydb@"', _quoted(found.requirement()))
    text = text.replace('"@pydb[cli,check,lint]@"', _quoted(found.requirement("cli", "check", "lint")))
    return text.replace("@direct@", "" if found.url is None else _DIRECT)


def _quoted(text: str) -> str:
    """The text as a string of TOML."""
    return json.dumps(text)


def _check_free(top: Path, targets: tuple[str, ...]) -> None:
    there = [target for target in targets if (top / target).exists()]
    if there:
        message = f"{os.path.relpath(top)} already has {', '.join(there)}"
        raise PydbError(message, hint="name a new folder, or write [tool.pydb] into your pyproject.toml by hand")


def _generated(texts: dict[str, str]) -> dict[str, str]:
    """The generated package of these texts; it is made in another folder, so that the project appears in one step."""
    from pydb.check import Inputs, check

    with tempfile.TemporaryDirectory() as elsewhere:
        top = Path(elsewhere).resolve()
        write_files({top / target: text for target, text in texts.items()})
        project = find_project(top)
        path = project.sql_path(None)
        report = check(Inputs(path, project.schema_scripts(path, None), columns=project.columns))
        _, changes = package_changes(project, path, read(path), report.described)
        folder = changes.folder.relative_to(top)
        return {(folder / path).as_posix(): text for path, text in changes.texts.items()}
