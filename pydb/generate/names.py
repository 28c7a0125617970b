"""Collect the names that one generated file uses: each name in, its spelling and the import lines out.

If the file defines a name itself, it hides a type or builtin of the same name.  That type is then imported under
another name: ``from builtins import list as list_``.
"""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Iterable

from pydb.generate.model import ANY, TypeSpec
from pydb.sqlfile.type_words import TYPE_WORDS, array_item

__all__ = ["WIDTH", "Names", "isort_key", "numbered"]

WIDTH = 88
"""The maximum length of a line: ruff formats such lines in the same way at 88 and at 120."""

_HOMES = {
    **{word.python or word.name: word.module for word in TYPE_WORDS if word.module != "builtins"},
    "ABSENT": "pydb",
    "Absent": "pydb",
    "AsyncConnection": "sqlalchemy.ext.asyncio",
    "AsyncGenerator": "collections.abc",
    "Awaitable": "collections.abc",
    "Callable": "collections.abc",
    "Collection": "collections.abc",
    "Connection": "sqlalchemy",
    "Iterable": "collections.abc",
    "Iterator": "collections.abc",
    "Literal": "typing",
    "Path": "pathlib",
    "Row": "sqlalchemy",
    "TypeAlias": "typing",
    "TypedDict": "typing",
    "dataclass": "dataclasses",
    "load": "pydb",
}

_GENERICS = {"dict": ("str", "Any"), "list": ("Any",)}
_PYTHON = {word.name: word.python for word in TYPE_WORDS if word.python}


class Names:
    """The names of one file; ``taken`` are those that it defines, ``own`` the project's top-level modules."""

    def __init__(self, taken: Iterable[str], own: frozenset[str]) -> None:
        self.taken = frozenset(taken)
        self.own = own
        self._imports: dict[str, dict[str, str]] = {}
        self._imported: set[str] = set()
        self._numbers: dict[str, int] = {}

    def get(self, name: str) -> str:
        """The spelling of a builtin, or of a name in ``_HOMES``."""
        if name in _HOMES:
            return self.of(_HOMES[name], name)
        return self.of("builtins", name) if self._is_taken(name) and hasattr(builtins, name) else name

    def of(self, module: str, name: str) -> str:
        """The spelling of a name of any module."""
        imported = self._imports.setdefault(module, {})
        if name not in imported:
            spelled = name
            while self._is_taken(spelled):
                spelled = numbered(name, self._numbers)
            imported[name] = spelled
            self._imported.add(spelled)
        return imported[name]

    def keep(self, module: str, name: str) -> None:
        """Import a name unchanged, so that later names of the same spelling get another one."""
        self._imports.setdefault(module, {})[name] = name
        self._imported.add(name)

    def _is_taken(self, name: str) -> bool:
        return name in self.taken or name in self._imported

    def type(self, spec: TypeSpec) -> str:
        """The annotation of a value."""
        word, array = spec.word, array_item(spec.word)
        if spec.shape == "tuple":
            return f"{self.get('tuple')}[{word}, ...]"
        if spec.shape == "record":
            text = word
        elif array is not None:
            text = f"{self.get('list')}[{self.type(TypeSpec(*array))}]"
        elif word in _GENERICS:
            text = f"{self.get(word)}[{', '.join(map(self.get, _GENERICS[word]))}]"
        else:
            text = self.of(*word.rsplit(".", 1)) if "." in word else self.get(_PYTHON.get(word, word))
        return f"{text} | None" if spec.nullable and word != ANY else text

    def future_import(self) -> str:
        """The first import line; ``annotations`` has another name where the file defines that name itself."""
        spelled = "annotations"
        while self._is_taken(spelled):
            spelled += "_"
        return "from __future__ import annotations" + (f" as {spelled}" if spelled != "annotations" else "")

    def imports(self) -> str:
        """The import lines in isort's three groups: the standard library, installed packages, the project."""
        groups: tuple[list[str], list[str], list[str]] = ([], [], [])
        for module in sorted(self._imports):
            top = module.split(".")[0]
            group = 2 if top in self.own else 0 if top in sys.stdlib_module_names else 1
            groups[group].append(_import(module, self._imports[module]))
        return "\n\n".join("\n".join(lines) for lines in groups if lines)


def numbered(name: str, numbers: dict[str, int]) -> str:
    """The next substitute for a name that is taken: ``name_``, ``name__``, ``name_3``, …; ``numbers`` counts them."""
    number = numbers[name] = numbers.get(name, 0) + 1
    return name + "_" * number if number < 3 else f"{name}_{number}"


def _import(module: str, names: dict[str, str]) -> str:
    listed = [
        name if name == names[name] else f"{name} as {names[name]}"
        for name in sorted(names, key=lambda name: isort_key(name, folded=True))
    ]
    line = f"from {module} import {', '.join(listed)}"
    # isort writes an import with ``as`` on its own line, in the order of the names.
    if any(" as " in item for item in listed):
        return "\n".join(_plain_import(module, part) for part in _runs(listed))
    return line if len(line) <= WIDTH else _plain_import(module, listed)


def _runs(listed: list[str]) -> Iterable[list[str]]:
    """The groups of names that share a line: all names without ``as``, and each name with ``as`` alone."""
    plain = [item for item in listed if " as " not in item]
    renamed = [[item] for item in listed if " as " in item]
    return sorted([*([plain] if plain else []), *renamed], key=lambda part: isort_key(part[0], folded=True))


def _plain_import(module: str, listed: list[str]) -> str:
    line = f"from {module} import {', '.join(listed)}"
    if len(line) <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {item},\n" for item in listed) + ")"


def isort_key(name: str, *, folded: bool = False) -> tuple[int, list[tuple[int, int, str]]]:
    """The key by which isort sorts names: constants, then classes, then the rest; ``a2`` before ``a10``."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    parts = re.split(r"(\d+)", name.lower() if folded else name)
    return kind, [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]
