"""The shape of the package: who imports whom, how long a module may be, what is public."""

import ast
import importlib
import importlib.util
import pkgutil
from pathlib import Path

import pytest

import pydb

PACKAGE = Path(pydb.__file__).parent
ORDER = [
    *(
        "errors",
        "findings",
        "lexer",
        "statement",
        "header",
        "refusals",
        "parser",
        "queries",
        "clause",
        "types",
        "readings",
    ),
    *(
        "records",
        "engines",
        "failures",
        "blocks",
        "road",
        "wire",
        "binding",
        "batches",
        "quick",
        "plan",
        "statement_log",
        "execution",
        "database",
    ),
    *("describe", "check", "generate", "lint", "cli", "__main__", "sample"),
]
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in MODULES]


def place(name: str) -> int:
    """Where a module of the package stands in the order; the package itself may be imported by sample alone."""
    return ORDER.index(name)


def imported(path: Path) -> set[str]:
    """The modules of the package that a file imports, at its top or later, but not for type checking."""
    tree = ast.parse(path.read_text())
    guarded = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if node in guarded:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    parts = [name.split(".") for name in names if name.split(".")[0] == "pydb"]
    return {part[1] for part in parts if len(part) > 1 and part[1] in ORDER}


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_import_order(path: Path) -> None:
    """A module imports only from those that stand before it in the order of the design."""
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    if own == "__init__":
        return
    late = {name for name in imported(path) if name != own and place(name) > place(own)}
    assert not late, f"{own} imports {', '.join(sorted(late))}, which stand after it"


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_module_length(path: Path) -> None:
    """No module is longer than 400 lines."""
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_module_docstring(path: Path) -> None:
    """A module opens by saying what goes in and what comes out."""
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_public_names() -> None:
    """What `import pydb` offers stands in one list, each name once, and each exists."""
    assert len(set(pydb.__all__)) == len(pydb.__all__)
    missing = [name for name in pydb.__all__ if not hasattr(pydb, name)]
    assert not missing


def test_every_module_is_sorted_in() -> None:
    """A new module needs a place in the order of the design."""
    names = {module.name for module in pkgutil.iter_modules([str(PACKAGE)])}
    assert names <= set(ORDER)


@pytest.mark.parametrize("name", [name for name in ORDER if name not in ("sample", "__main__")])
def test_all_lists_exist(name: str) -> None:
    """Where a module has `__all__`, each name on it exists."""
    if importlib.util.find_spec(f"pydb.{name}") is None:
        pytest.skip(f"pydb.{name} is not written yet")
    module = importlib.import_module(f"pydb.{name}")
    listed = getattr(module, "__all__", [])
    assert not [entry for entry in listed if not hasattr(module, entry)]
