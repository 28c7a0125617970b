"""Import the SQL of a Python program: its files in; named statements, and the calls to change, out.

A string that is passed to ``text(…)``, ``execute(…)`` or a similar function becomes a statement.  The statement is
named after the function that contains the call.  SQL that is built at run time is listed, but not imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

from pydb.engines import default_engine
from pydb.errors import PydbError
from pydb.importers.imported import Imported, ImportedFile, as_name, settled
from pydb.importers.placeholders import PYFORMAT, with_casts, with_lists, with_names
from pydb.importers.program_names import Scope, bindings_of, text_in
from pydb.importers.sources import ends_in_semicolon, script_reason
from pydb.importers.stars import without_stars

__all__ = ["import_program"]

_FUNCTIONS = frozenset(
    {"text", "execute", "executemany", "exec_driver_sql", "fetch", "fetchall", "fetchone", "fetchval"}
)
_FUNCTIONS |= frozenset({"fetchrow", "read_sql", "read_sql_query", "scalar", "scalars", "executescript"})
_KEYWORDS = frozenset({"sql", "query", "statement", "operation", "sql_script", "text"})
"""The names of the parameter that takes the SQL."""

_VERB = re.compile(
    r"\s*(?:--[^\n]*\n\s*)*(?:WITH|SELECT|INSERT|UPDATE|DELETE|REPLACE|MERGE|CREATE|ALTER|DROP|TRUNCATE)\s",
    re.IGNORECASE,
)
_BUILT = {
    ast.JoinedStr: "an f-string",
    ast.BinOp: "built by an operator",
    ast.Call: "built by a call",
}
_READS = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:WITH|SELECT|VALUES)\b", re.IGNORECASE)
_RETURNS = re.compile(r"\bRETURNING\b", re.IGNORECASE)


def import_program(
    source: Path, schema: str | None = None, engine: str | None = None
) -> tuple[list[ImportedFile], list[str]]:
    """The statements of a program, in a file for each module, and notes: calls to change, and what is not imported.

    With ``engine``, the files are only for that engine.  Raises PydbError if there is no Python file.
    """
    files = [source] if source.is_file() else sorted(source.rglob("*.py"))
    if not files:
        raise PydbError(f"{source} contains no Python file", hint="name a .py file, or a folder of them")
    found: list[ImportedFile] = []
    notes: list[str] = []
    for file in files:
        try:
            tree = ast.parse(file.read_text("utf-8-sig"), str(file))
        except (SyntaxError, UnicodeDecodeError) as error:
            notes.append(f"{file}: cannot be read: {type(error).__name__}")
            continue
        visitor = _Calls(file, schema, engine)
        visitor.visit(tree)
        notes += visitor.notes
        if visitor.statements:
            parts = (as_name(file.stem if file.stem != "__init__" else file.parent.name),)
            made = settled(ImportedFile(parts, tuple(visitor.statements), str(file), engine))
            found += made
            taken = {one.name for own in made for one in own.statements if not one.reason}
            notes += [f"{place}: call {parts[0]}.{name} instead" for place, name in visitor.calls if name in taken]
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
        self.calls: list[tuple[str, str]] = []
        self.notes: list[str] = []
        self._scopes: list[Scope] = []
        self._classes: dict[str, Scope] = {}

    def visit_Module(self, node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        """Remember the function or class that contains the calls, and the values of its names."""
        if isinstance(node, ast.Module):
            classes = (inner for inner in ast.walk(node) if isinstance(inner, ast.ClassDef))
            self._classes = {inner.name: bindings_of(inner) for inner in classes}
        self._scopes.append(bindings_of(node))
        self.generic_visit(node)
        self._scopes.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Module  # noqa: N815

    def visit_Call(self, node: ast.Call) -> None:
        """Import the SQL of a call, or add a note that says why it is not imported."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = node.args[:1] or [keyword.value for keyword in node.keywords if keyword.arg in _KEYWORDS][:1]
        for argument in _choices(given) if name in _FUNCTIONS else ():
            self._take(argument, node.lineno, many=name == "executemany")
        self.generic_visit(node)

    def _take(self, argument: ast.expr, line: int, *, many: bool) -> None:
        place = f"{self.file}:{line}"
        name, bound = self._named(argument)
        [only] = bound if len(bound) == 1 else [None]
        text = text_in(only if name else argument)
        if text is not None and _VERB.match(text):
            self._add(name, text, place, many=many)
        elif name and any(map(_looks, bound)):
            self.notes.append(f"{place}: its SQL is in {name}, which is built at run time; not imported")
        elif not name and (built := _BUILT.get(type(argument))) and not _is_text(argument):
            parts = [node for node in ast.walk(argument) if isinstance(node, ast.expr)]
            if any(_looks(part) or any(map(_looks, self._named(part)[1])) for part in parts):
                self.notes.append(f"{place}: its SQL is {built}; not imported")

    def _named(self, node: ast.expr) -> tuple[str, Sequence[ast.expr | None]]:
        """The name in an expression, and the values bound to it; an empty name for another expression."""
        if isinstance(node, ast.Name):
            inner, *outer = reversed(self._scopes)
            scopes = (inner, *(scope for scope in outer if not isinstance(scope.node, ast.ClassDef)))
            return node.id, next((scope.bound[node.id] for scope in scopes if node.id in scope.bound), ())
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            own = (scope for scope in reversed(self._scopes) if isinstance(scope.node, ast.ClassDef))
            scope = next(own, None) if node.value.id in ("self", "cls") else self._classes.get(node.value.id)
            return node.attr, scope.bound.get(node.attr, ()) if scope is not None else ()
        return "", ()

    def _add(self, constant: str, text: str, place: str, *, many: bool) -> None:
        """Add a note about a call, and the statement that it sends if the statement is new."""
        made = self._statement(constant, text, place, many=many)
        known = next(
            (one for one in self.statements if constant and (one.sql, one.rows) == (made.sql, made.rows)), None
        )
        if known is None:
            self.statements.append(made)
        self.calls.append((place, (known or made).name))

    def _statement(self, constant: str, text: str, place: str, *, many: bool) -> Imported:
        functions = [
            one.node.name for one in self._scopes if isinstance(one.node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        wanted = as_name(constant.lower() if constant else (functions or [self.file.stem])[-1])
        names = {one.name for one in self.statements}
        name = next(tried for tried in _numbered(wanted) if tried not in names)
        reads = bool(_READS.match(text) or _RETURNS.search(text))
        rows = "batch" if many else "many" if reads else "affected"
        sql = ends_in_semicolon(dedent(text).strip())
        one = Imported(name, rows, sql, place, reason=script_reason(sql, self.engine))
        engine = self.engine or default_engine()
        one = with_names(one, engine, PYFORMAT)
        one = replace(one, sql=one.sql.replace("%%", "%")) if one.sql != sql else with_names(one, engine)
        if any(found["name"] for found in PYFORMAT.finditer(text)):
            one = replace(one, changes=(*one.changes, "its parameters are now written :name"))
        return without_stars(with_casts(with_lists(one)), self.schema, self.engine)


def _choices(given: Iterable[ast.expr]) -> Iterator[ast.expr]:
    """The expressions that an argument may be: both of a conditional one, and the value of an assignment."""
    for node in given:
        if isinstance(node, ast.IfExp):
            yield from _choices([node.body, node.orelse])
        elif isinstance(node, ast.NamedExpr):
            yield from _choices([node.value])
        else:
            yield node


def _looks(node: ast.expr | None) -> bool:
    """Whether an expression contains a string that begins like SQL."""
    parts = ast.walk(node) if node is not None else ()
    return any(isinstance(part, ast.Constant) and bool(_VERB.match(str(part.value))) for part in parts)


def _is_text(node: ast.expr) -> bool:
    """Whether an expression is a call of SQLAlchemy's ``text``, or of its methods; ``text`` is visited separately."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call):
        return _is_text(function.value)
    return (
        isinstance(function, (ast.Name, ast.Attribute))
        and getattr(function, "id", getattr(function, "attr", "")) == "text"
    )


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1
