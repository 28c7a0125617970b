"""Find the strings that names in a program are bound to: a syntax tree in, a text for each name out.

The text of a name is known if its scope binds the name once, to a string.  It is not known if the name is bound again,
or changed by ``+=``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

__all__ = ["Scope", "bindings_of", "text_in"]

_Scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class Scope(NamedTuple):
    """A module, a function or a class: its ``node``, and what each name, or in a class ``self.name``, is bound to.

    A binding without an expression for its value is None.
    """

    node: ast.AST
    bound: Mapping[str, Sequence[ast.expr | None]]


def text_in(node: ast.expr | None) -> str | None:
    """The text of a string."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def bindings_of(node: ast.AST) -> Scope:
    """The names that a scope binds; ``global`` or ``nonlocal`` in an inner function counts as a second binding."""
    bound: dict[str, list[ast.expr | None]] = {}
    for name, value in _bindings(node):
        bound.setdefault(name, []).append(value)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Global | ast.Nonlocal):
            for name in inner.names:
                bound.setdefault(name, []).append(None)
        if isinstance(node, ast.ClassDef) and isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
            bound.setdefault(inner.attr, []).append(None)
    return Scope(node, bound)


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        yield from ((argument.arg, None) for argument in ast.walk(node.args) if isinstance(argument, ast.arg))
    for child in _own(node):
        if isinstance(child, ast.Assign):
            yield from _targets(child.targets, child.value)
        elif isinstance(child, ast.AnnAssign | ast.NamedExpr):
            yield from _targets([child.target], child.value)
        elif isinstance(child, ast.AugAssign | ast.For | ast.AsyncFor | ast.comprehension):
            yield from _targets([child.target], None)
        elif isinstance(child, ast.withitem) and child.optional_vars is not None:
            yield from _targets([child.optional_vars], None)
        elif isinstance(child, ast.ExceptHandler | ast.MatchAs) and child.name:
            yield child.name, None
        elif isinstance(child, ast.alias):
            yield (child.asname or child.name).partition(".")[0], None
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child.name, None


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope that are not in an inner scope."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, _Scopes):
            yield from _own(child)


def _targets(targets: Sequence[ast.expr], value: ast.expr | None) -> Iterator[tuple[str, ast.expr | None]]:
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id, value
        else:
            names = (
                node for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            )
            yield from ((name.id, None) for name in names)
