"""Write a statement's Python signature: its forms as engines describe them in, the code of ``pydb generate`` out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from pydb.describe import DescribedStatement
from pydb.errors import PydbError
from pydb.generate import RECORDS, Options
from pydb.generate.build import build
from pydb.generate.render import render_package

__all__ = ["signature_of"]


def signature_of(described: Sequence[DescribedStatement], options: Options) -> str | None:
    """The function, its types and the fields of its records; None if generate would write no function.

    ``described`` has the forms of one statement; that of the leading engine is first.
    """
    try:
        package, _ = build([described], {}, replace(options, by_hand=None, bases={}))
    except PydbError:
        return None
    if package is None:
        return None
    files = render_package(package)
    module = PurePosixPath(*described[0].definition.name.split(".")[:-1]).with_suffix(".py")
    return "\n".join([*_of_module(files[module]), *_of_records(files[RECORDS])])


def _of_module(text: str) -> Iterator[str]:
    """The aliases of types, the sets of parameters, and the function."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id[0] != "_":
            yield ast.unparse(node)
        elif isinstance(node, ast.ClassDef):
            yield from _class(node)
        elif isinstance(node, ast.FunctionDef):
            yield from _function(node)


def _of_records(text: str) -> Iterator[str]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            yield from _class(node)


def _class(node: ast.ClassDef) -> Iterator[str]:
    bases = f"({', '.join(map(ast.unparse, node.bases))})" if node.bases else ""
    yield f"class {node.name}{bases}:"
    yield from (f"    {ast.unparse(item)}" for item in node.body if isinstance(item, ast.AnnAssign))


def _function(node: ast.FunctionDef) -> Iterator[str]:
    """The code of the function, with each parameter on its own line, so that a diff shows parameters."""
    result = ast.unparse(node.returns) if node.returns is not None else "None"
    if not node.args.kwonlyargs:
        yield f"def {node.name}({ast.unparse(node.args)}) -> {result}"
        return
    before = ast.unparse(ast.arguments(node.args.posonlyargs, node.args.args, None, [], [], None, node.args.defaults))
    yield f"def {node.name}("
    yield f"    {before}, *,"
    for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        yield f"    {ast.unparse(argument)}{'' if default is None else f' = {ast.unparse(default)}'},"
    yield f") -> {result}"
