"""The SQL in a Python program: its files in; named statements, and the calls to change, out.

A string that is passed to ``text(…)``, ``execute(…)`` or their like becomes a statement, named after the function that
it is in.  What is put together at run time is listed, and not touched.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

from pydb.engines import default_engine
from pydb.errors import PydbError
from pydb.importers.imported import Imported, ImportedFile, as_name, settled
from pydb.importers.placeholders import PYFORMAT, with_casts, with_names
from pydb.importers.sources import ends_in_semicolon
from pydb.importers.stars import without_stars

__all__ = ["import_program"]

_FUNCTIONS = frozenset(
    {"text", "execute", "executemany", "exec_driver_sql", "fetch", "fetchall", "fetchone", "fetchval"}
)
_FUNCTIONS |= frozenset({"fetchrow", "read_sql", "read_sql_query", "scalar", "scalars"})
_VERB = re.compile(
    r"\s*(?:--[^\n]*\n\s*)*(?:WITH|SELECT|INSERT|UPDATE|DELETE|REPLACE|MERGE|CREATE|ALTER|DROP|TRUNCATE)\s",
    re.IGNORECASE,
)
_BUILT = {
    ast.JoinedStr: "an f-string",
    ast.BinOp: "put together by an operator",
    ast.Call: "made by a call",
}
_READS = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:WITH|SELECT|VALUES)\b", re.IGNORECASE)
_RETURNS = re.compile(r"\bRETURNING\b", re.IGNORECASE)


def import_program(
    source: Path, schema: str | None = None, engine: str | None = None
) -> tuple[list[ImportedFile], list[str]]:
    """The statements of a program's files, a file a module; and notes: the calls to change, and what is not touched.

    With ``engine`` they are for that engine alone.  Raises PydbError where there is no Python file.
    """
    files = [source] if source.is_file() else sorted(source.rglob("*.py"))
    if not files:
        raise PydbError(f"no Python file is in {source}", hint="name a .py file, or a folder of them")
    found: list[ImportedFile] = []
    notes: list[str] = []
    for file in files:
        try:
            tree = ast.parse(file.read_text("utf-8-sig"), str(file))
        except (SyntaxError, UnicodeDecodeError) as error:
            notes.append(f"{file}: it cannot be read: {type(error).__name__}")
            continue
        visitor = _Calls(file, schema, engine)
        visitor.visit(tree)
        notes += visitor.notes
        if visitor.statements:
            parts = (as_name(file.stem if file.stem != "__init__" else file.parent.name),)
            made = settled(ImportedFile(parts, tuple(visitor.statements), str(file), engine))
            found += made
            taken = (one for own in made for one in own.statements if not one.reason)
            notes += [f"{one.source}: call {parts[0]}.{one.name} instead" for one in taken]
    return found, sorted(notes, key=_place)


def _place(note: str) -> tuple[str, int]:
    file, _, rest = note.partition(":")
    number = rest.partition(":")[0]
    return file, int(number) if number.isdigit() else 0


class _Calls(ast.NodeVisitor):
    """The calls of one file that send SQL."""

    def __init__(self, file: Path, schema: str | None, engine: str | None) -> None:
        self.file, self.schema, self.engine = file, schema, engine
        self.statements: list[Imported] = []
        self.notes: list[str] = []
        self._functions: list[str] = []
        self._constants: dict[str, str] = {}
        self._texts: set[tuple[str, int]] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Note in which function the calls are."""
        self._functions.append(node.name)
        self.generic_visit(node)
        self._functions.pop()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Assign(self, node: ast.Assign) -> None:
        """Note the constants that are SQL: a call names them."""
        text = _literal(node.value)
        if text is not None and _VERB.match(text):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self._constants[target.id] = text
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Take the SQL of a call, or note why not."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _FUNCTIONS and node.args:
            self._take(node.args[0], node.lineno, many=name == "executemany")
        self.generic_visit(node)

    def _take(self, argument: ast.expr, line: int, *, many: bool) -> None:
        place = f"{self.file}:{line}"
        named = argument.id if isinstance(argument, ast.Name) else ""
        text = self._constants.get(named) if named else _literal(argument)
        if text is None:
            parts = [part for part in ast.walk(argument) if isinstance(part, ast.Constant)]
            looks = any(isinstance(part.value, str) and _VERB.match(part.value) for part in parts)
            built = _BUILT.get(type(argument))
            if built and looks and not _is_text(argument):
                self.notes.append(f"{place}: its SQL is {built}; it is not touched")
            return
        if not _VERB.match(text) or (text, line) in self._texts:
            return
        self._texts.add((text, line))
        self.statements.append(self._statement(named, text, place, many=many))

    def _statement(self, constant: str, text: str, place: str, *, many: bool) -> Imported:
        wanted = as_name(constant.lower() if constant else (self._functions or [self.file.stem])[-1])
        names = {one.name for one in self.statements}
        name = next(tried for tried in _numbered(wanted) if tried not in names)
        reads = bool(_READS.match(text) or _RETURNS.search(text))
        rows = "batch" if many else "many" if reads else "affected"
        sql = dedent(text).strip()
        one = with_names(Imported(name, rows, ends_in_semicolon(sql), place), default_engine(), PYFORMAT)
        if one.sql != ends_in_semicolon(sql):
            one = replace(one, sql=one.sql.replace("%%", "%"))
        else:
            one = with_names(one, default_engine())
        if PYFORMAT.search(text):
            one = replace(one, changes=(*one.changes, "its parameters are written :name"))
        return without_stars(with_casts(one), self.schema, self.engine)


def _is_text(node: ast.expr) -> bool:
    """Whether it is a call of SQLAlchemy's ``text``, which is looked at by itself."""
    function = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(function, (ast.Name, ast.Attribute))
        and getattr(function, "id", getattr(function, "attr", "")) == "text"
    )


def _literal(node: ast.expr) -> str | None:
    """The text of a string, or of a call of ``text("…")``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1
