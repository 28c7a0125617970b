"""Code for one engine is in its own folders: no other module names an engine in its code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pydb
from pydb.engines import engine_names, registration

PACKAGE = Path(pydb.__file__).parent
NAMES = frozenset(
    name for engine in engine_names() for name in (engine, *registration(engine).dialects, registration(engine).product)
)
OWN = tuple(PACKAGE / "engines" / engine for engine in engine_names())
PARTS = tuple(PACKAGE / part / "engines" for part in ("describe", "migrations", "site", "testing", "usage"))
MODULES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if not any(path.is_relative_to(folder) for folder in (*OWN, *PARTS, PACKAGE / "sample"))
    and path != PACKAGE / "engines" / "__init__.py"  # where the three engines are registered
]


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The places where an engine's name is a value in the code, so not in documentation."""
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documentation and node.value in NAMES:
            yield node.lineno, str(node.value)


def syntax(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def test_no_module_names_an_engine() -> None:
    """Outside an engine's own folders, its name is not a value in the code: it is neither compared nor looked up."""
    assert [(str(path), *found) for path in MODULES for found in names_in(syntax(path))] == []


def test_no_module_imports_one_engine() -> None:
    """Outside these folders, no module imports from an engine's folder: the registry finds its parts."""
    packages = (
        *(f"pydb.engines.{engine}" for engine in engine_names()),
        "pydb.describe.engines",
        "pydb.migrations.engines",
        "pydb.testing.engines",
        "pydb.site.engines",
        "pydb.usage.engines",
    )
    found = [
        (str(path), node.module)
        for path in MODULES
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(packages)
    ]
    assert found == []


def test_it_would_be_found() -> None:
    """The comparisons and tables that this test forbids are found."""
    code = 'if engine == "sqlite" or engine in ("mysql",):\n    x = {"mariadb": 1}.get("PostgreSQL")\n'
    assert sorted(name for _, name in names_in(ast.parse(code))) == ["PostgreSQL", "mariadb", "mysql", "sqlite"]
    assert list(names_in(ast.parse('"sqlite"\nx = "on sqlite"\n'))) == []
