"""Find the names in a generated package: its folder in; its modules, functions, classes and methods out.

The package is read, not imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydb.sqlfile.definition import Definition

__all__ = ["Method", "PackageNames", "package_names"]


@dataclass(frozen=True, slots=True)
class Method:
    """A factory or method of a record: its statement, and the keywords that a call must and may pass."""

    statement: str
    required: frozenset[str]
    keywords: frozenset[str]


@dataclass(frozen=True, slots=True)
class PackageNames:
    """``name`` is the dotted name, None without a package.  ``statements`` are the definitions by name.

    ``classes`` has the methods of each record.  ``groups`` are the parts before a statement's name: ``users``.
    """

    name: str | None
    folder: Path | None
    statements: Mapping[str, Definition]
    groups: frozenset[str]
    classes: Mapping[str, Mapping[str, Method]] = field(default_factory=dict)


def package_names(name: str | None, folder: Path | None, definitions: Iterable[Definition]) -> PackageNames:
    """The names of the package with that dotted name in that folder; without a package, only those of ``pydb.load``."""
    statements = {definition.name: definition for definition in definitions}
    groups = {prefix for key in statements for parts in [key.split(".")[:-1]] for prefix in _prefixes(parts)}
    classes: dict[str, Mapping[str, Method]] = {}
    records = None if folder is None else folder / "records.py"
    if records is not None and records.is_file():
        classes = _classes(ast.parse(records.read_text(encoding="utf-8")))
    return PackageNames(name, folder, statements, frozenset(groups), classes)


def _prefixes(parts: list[str]) -> list[str]:
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _classes(tree: ast.Module) -> dict[str, Mapping[str, Method]]:
    variables = {
        name: value.slice.value
        for node in tree.body
        for name, value in _assigned(node)
        if isinstance(value, ast.Subscript)
        and isinstance(value.slice, ast.Constant)
        and isinstance(value.slice.value, str)
    }
    return {
        node.name: {
            item.name: method
            for item in node.body
            if isinstance(item, ast.FunctionDef) and (method := _method(item, variables)) is not None
        }
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }


def _assigned(node: ast.stmt) -> list[tuple[str, ast.expr | None]]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [(node.target.id, node.value)]
    if isinstance(node, ast.Assign):
        return [(target.id, node.value) for target in node.targets if isinstance(target, ast.Name)]
    return []


def _method(node: ast.FunctionDef, variables: Mapping[str, str]) -> Method | None:
    called = [item.id for item in ast.walk(node) if isinstance(item, ast.Name) and item.id in variables]
    if not called:
        return None
    pairs = list(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
    return Method(
        variables[called[0]],
        frozenset(argument.arg for argument, default in pairs if default is None),
        frozenset(argument.arg for argument, _ in pairs),
    )
