"""Find what a Python expression means to pydb: an expression and the names in its scope in; a Meaning out.

A meaning is known from imports, assignments, annotations and the records that statements return.  Nothing is imported
or run.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, MutableMapping
from typing import NamedTuple

from pydb.usage.package_names import PackageNames

__all__ = ["Kind", "Meaning", "Scope", "annotated", "items_of", "made_by", "meaning", "member"]

Kind = str
"""``module`` (dotted), ``group`` of statements, ``statement``, ``class``, ``record``, ``records``, ``load``.

``maker`` and ``makers`` are functions that are annotated to return a record, or several.
"""

_MANY = frozenset({"list", "tuple", "Sequence", "Iterable", "Iterator", "Collection", "set", "frozenset", "List"})


class Meaning(NamedTuple):
    """What an expression means; ``name`` is the name of the module, group, statement or record class."""

    kind: Kind
    name: str


Scope = MutableMapping[str, Meaning | None]
"""The meanings of names at a place; None for a name that means something else."""

_LOAD = Meaning("load", "")
_MADE = {"class": "record", "maker": "record", "makers": "records"}


def member(base: Meaning, name: str, names: PackageNames, modules: Mapping[str, Scope]) -> Meaning | None:
    """The meaning of ``base.name``."""
    if base.kind == "module":
        return _in_module(f"{base.name}.{name}", base.name, name, names, modules)
    if base.kind == "statement":
        return base if name == "aio" else None
    if base.kind == "group":
        return _of_group(f"{base.name}.{name}" if base.name else name, names)
    if base.kind in ("class", "record"):
        method = names.classes.get(base.name, {}).get(name)
        return None if method is None else Meaning("statement", method.statement)
    return None


def _in_module(
    dotted: str, module: str, name: str, names: PackageNames, modules: Mapping[str, Scope]
) -> Meaning | None:
    if dotted == "pydb.load":
        return _LOAD
    package = names.name
    if package is not None and (module == package or module.startswith(f"{package}.")):
        inner = module[len(package) + 1 :]
        if inner in ("", "records") and name in names.classes:
            return Meaning("class", name)
        if inner == "records" and name == "queries":
            return Meaning("group", "")
        # The asynchronous functions have the same names, in the package's module ``aio``.
        found = _of_group(f"{inner}.{name}".removeprefix(".").removeprefix("aio."), names)
        if found is not None:
            return found
    known = modules.get(module, {})
    if name in known:
        return known[name]
    return Meaning("module", dotted)


def _of_group(name: str, names: PackageNames) -> Meaning | None:
    if name in names.statements:
        return Meaning("statement", name)
    return Meaning("group", name) if name in names.groups else None


def meaning(node: ast.AST | None, scope: Scope, names: PackageNames, modules: Mapping[str, Scope]) -> Meaning | None:
    """The meaning of an expression; None if it has nothing to do with pydb, or if it is not known."""
    if isinstance(node, ast.Name):
        return scope.get(node.id)
    if isinstance(node, ast.Attribute):
        base = meaning(node.value, scope, names, modules)
        return None if base is None else member(base, node.attr, names, modules)
    if isinstance(node, ast.Subscript):
        return _subscript(node, meaning(node.value, scope, names, modules), names)
    if isinstance(node, ast.Call):
        return _call(node, scope, names, modules)
    if isinstance(node, ast.Await | ast.NamedExpr):
        return meaning(node.value, scope, names, modules)
    if isinstance(node, ast.BoolOp | ast.IfExp):
        sides = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
        known = {meaning(side, scope, names, modules) for side in sides} - {None}
        return known.pop() if len(known) == 1 else None
    return None


def _subscript(node: ast.Subscript, base: Meaning | None, names: PackageNames) -> Meaning | None:
    if base is None:
        return None
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    if base == Meaning("group", "") and isinstance(key, str) and key in names.statements:
        return Meaning("statement", key)
    return Meaning("record", base.name) if base.kind == "records" and isinstance(key, int) else None


def _call(node: ast.Call, scope: Scope, names: PackageNames, modules: Mapping[str, Scope]) -> Meaning | None:
    called = meaning(node.func, scope, names, modules)
    if called is None and isinstance(node.func, ast.Attribute) and node.func.attr == "run_sync" and node.args:
        called = meaning(node.args[0], scope, names, modules)
    if called is None:
        return None
    if called.kind == "load":
        return Meaning("group", "")
    if called.kind in _MADE:
        return Meaning(_MADE[called.kind], called.name)
    if called.kind != "statement":
        return None
    definition = names.statements[called.name]
    if definition.record not in names.classes:
        return None
    return Meaning("record" if definition.row_word.at_most_one else "records", str(definition.record))


def items_of(found: Meaning | None) -> Meaning | None:
    """The meaning of the items of an iterable."""
    return Meaning("record", found.name) if found is not None and found.kind == "records" else None


def annotated(node: ast.expr | None, scope: Scope, names: PackageNames, modules: Mapping[str, Scope]) -> Meaning | None:
    """The meaning of a name with that annotation: a record, or several records."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        sides = [annotated(side, scope, names, modules) for side in (node.left, node.right)]
        known = [side for side in sides if side is not None]
        return known[0] if len(known) == 1 else None
    if isinstance(node, ast.Subscript):
        word = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        found = annotated(inner, scope, names, modules)
        if word == "Optional":
            return found
        return Meaning("records", found.name) if found is not None and word in _MANY else None
    known_class = meaning(node, scope, names, modules)
    return Meaning("record", known_class.name) if known_class is not None and known_class.kind == "class" else None


def made_by(returned: Meaning | None) -> Meaning | None:
    """The meaning of a function with this return annotation."""
    kinds = {"record": "maker", "records": "makers"}
    return Meaning(kinds[returned.kind], returned.name) if returned is not None and returned.kind in kinds else None
