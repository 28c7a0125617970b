"""Import the application's modules: dotted names from [tool.pydb] and .sql files in, modules and classes out.

A .sql file alone imports nothing: the module of a type must be a module that [tool.pydb] names, or be below one.
"""

from __future__ import annotations

import ast
import importlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from pydb.errors import PydbError, SqlFileError
from pydb.sqlfile.definition import Definition

__all__ = ["ApplicationModules", "imported", "is_missing"]

# Their messages contain modules, names and places; those of other exceptions may contain a value, such as a password.
_DISPLAYED = (ImportError, NameError, AttributeError, SyntaxError)


@dataclass(frozen=True, slots=True)
class ApplicationModules:
    """The modules that may be imported: the dotted ``names``, and modules below them; imports start at ``root``."""

    root: Path = Path()
    names: frozenset[str] = frozenset()

    def refusal(self, word: str) -> tuple[str, str] | None:
        """Why a .sql file may not name the type ``word``, as message and hint; None if it may."""
        module = word.rpartition(".")[0]
        if any(module == name or module.startswith(f"{name}.") for name in self.names):
            return None
        hint = f'if it is one, write in pyproject.toml: [tool.pydb] modules = ["{module}"]'
        return f"{module} is not known as a module of the application", hint

    def module(self, name: str) -> ModuleType:
        """Import a module of the application.  Raises PydbError for any exception of the module."""
        with self.importing():
            module: ModuleType = imported(name)
        return module

    def has(self, word: str) -> bool:
        """Whether the class ``word`` exists; its module must be allowed.

        A module below ``root`` is read, not imported: it may import the package that is about to be written.
        Raises PydbError for a module that cannot be read or fails.
        """
        module, _, name = word.rpartition(".")
        place = self.root.joinpath(*module.split("."))
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if file.is_file():
                return name in _names_in(file, module)
        try:
            return self._attribute(module, name) is not None
        except PydbError as error:
            if is_missing(error, module):
                return False
            raise

    def classes(self, definition: Definition) -> dict[str, type]:
        """The classes that a statement's directives name with their modules, by these names.

        Raises SqlFileError for a module that is not allowed or fails, and for a class that the module lacks.
        """
        words = [*definition.parameter_types.values(), *definition.column_types.values()]
        return {word.name: self._class(word.name, definition) for word in words if "." in word.name}

    def _class(self, word: str, definition: Definition) -> type:
        module, _, name = word.rpartition(".")
        error_here = partial(SqlFileError, statement_name=definition.name, file=definition.file, line=definition.line)
        if refused := self.refusal(word):
            raise error_here(f"the type {word}: {refused[0]}", hint=refused[1])
        try:
            found = self._attribute(module, name)
        except PydbError as error:
            raise error_here(f"the type {word}: {error.message}", hint=error.hint) from error
        if not isinstance(found, type):
            raise error_here(f"the type {word}: {module} has no class {name}", hint="check its spelling")
        return found

    def _attribute(self, module: str, name: str) -> Any:
        with self.importing():
            return imported(module, name)

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Make the application's modules importable from ``root``, installed or not.

        Only modules that [tool.pydb] names are found before installed ones: another file there, such as json.py or
        apsw.py, cannot replace a module that pydb imports.
        """
        entry = str(self.root.absolute())
        finder = _OwnFirst(entry, frozenset(name.partition(".")[0] for name in self.names))
        last = [] if entry in sys.path else [entry]
        sys.meta_path.insert(0, finder)
        sys.path += last
        try:
            yield
        finally:
            # The application may have changed sys.path and sys.meta_path.
            with suppress(ValueError):
                sys.meta_path.remove(finder)
            for added in last:
                with suppress(ValueError):
                    sys.path.remove(added)


@dataclass(frozen=True, slots=True)
class _OwnFirst:
    """A finder (``importlib.abc.MetaPathFinder``) of some top-level modules, which searches one folder first."""

    entry: str
    tops: frozenset[str]

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if path is not None or name not in self.tops or name in sys.stdlib_module_names:
            return None
        # Search the other places too: a namespace package may have parts in several.
        return PathFinder.find_spec(name, [self.entry, *sys.path])


def imported(name: str, attribute: str | None = None) -> Any:
    """Import a module of the application, or get an attribute of it, which may be None.

    Raises PydbError for any exception of the module, also SystemExit.
    """
    try:
        module = importlib.import_module(name)
        return module if attribute is None else getattr(module, attribute, None)
    except (Exception, SystemExit) as error:
        raise _failure(name, error) from error


def is_missing(error: PydbError, name: str) -> bool:
    """Whether the module could not be imported because it, or a package above it, does not exist."""
    cause = error.__cause__
    return isinstance(cause, ModuleNotFoundError) and f"{name}.".startswith(f"{cause.name}.")


def _failure(name: str, error: BaseException) -> PydbError:
    """The error for a module that cannot be imported: the exception's type, and where it was raised."""
    frames = [
        (frame.filename, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename not in (__file__, importlib.__file__) and not frame.filename.startswith("<frozen ")
    ]
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((error.filename, error.lineno))
    file, line = frames[-1] if frames else (None, None)
    text = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
    displayed = f": {text}" if isinstance(error, _DISPLAYED) else ""
    where = f" at {_short(file)}:{line}" if file else ""
    return PydbError(f"{name} cannot be imported: {type(error).__name__}{displayed}{where}", hint=_hint(name))


def _hint(module: str) -> str:
    return f"python -c 'import {module}' shows the whole error"


def _short(file: str) -> str:
    return os.path.relpath(file) if Path(file).is_relative_to(Path.cwd()) else file


def _names_in(file: Path, module: str) -> set[str]:
    """The names that the top level of a module's file binds."""
    try:
        return _names_of(file, file.stat().st_mtime_ns)
    except SyntaxError as error:
        where = f"{_short(str(file))}:{error.lineno or 1}"
        raise PydbError(f"{module} cannot be read: {type(error).__name__} at {where}", hint=_hint(module)) from error
    except (OSError, ValueError, RecursionError) as error:
        raise PydbError(f"{module} cannot be read: {type(error).__name__}", hint=_hint(module)) from error


@lru_cache(maxsize=64)
def _names_of(file: Path, _changed: int) -> set[str]:
    """``_names_in`` for one version of the file, cached: many directives may name classes of one module."""
    return set(_bound(ast.parse(file.read_bytes(), file)))


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
