"""Does a type that a directive names exist?  A dotted name and the project's folder in, yes or no out.

The project's own modules are read, not imported: they may import the package that is about to be written.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["exists"]


def exists(word: str, root: Path) -> bool:
    """Whether ``module.Class`` can be imported from ``root`` or is installed."""
    module, _, name = word.rpartition(".")
    place = root.joinpath(*module.split("."))
    for file in (place.with_suffix(".py"), place / "__init__.py"):
        if module and file.is_file():
            return name in _names(ast.parse(file.read_text(encoding="utf-8")))
    try:
        return hasattr(importlib.import_module(module), name)
    except (ImportError, ValueError):
        return False


def _names(tree: ast.Module) -> Iterator[str]:
    """The names that a module's top level binds."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
