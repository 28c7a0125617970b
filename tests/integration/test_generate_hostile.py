"""Hostile text in every place from which `pydb generate` takes text.

The text is refused by name, or the package equals that of a harmless text: ``ast`` finds the same statements, with the
hostile text in place of the harmless one.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import io
import json
import keyword
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import get_type_hints

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Connection

from pydb.cli import main
from pydb.sqlfile.type_words import SCALARS
from tests.harness.projects import CONFIGURED, project_in
from tests.harness.terminal_text import shown

TEXTS = (
    '"""',
    '"""; import os; """',
    "'''",
    "\\",
    'ends in a quote"',
    "a\\N{BELL}\\x41\\",
    '" + evil() + "',
    "'); evil(); ('",
    "x\nimport os",
    "x\n    evil()",
    "x\r\nevil()",
    "x: int = evil()",
    "User(): pass\nimport os",
    "a.B, metaclass=evil()",
    "app.db; import os",
    "a..b",
    "{evil()}%s%(evil)s",
    "# type: ignore",
    "*",
    "\x00",
    "\x0c",
    "\x1b[2J\x1b]0;title\x07",
    "\x85\x9b31m",
    "\u202eevil\u202c",
    "\u2066\u2069\u200e\u200f\u061c",
    "\u2028import os\u2029",
    "\ufeffid",
    "a long " * 300,
)
NAMES = (
    "ｉｄ２",
    "ª",
    "ﬁ",
    "ſelf",
    "x\u09f4",
    "größe",
    "日本",
    "class",
    "None",
    "match",
    "type",
    "_",
    "__evil",
    "__class__",
    "__init__",
    "annotations",
    "list",
    "str",
    "classmethod",
    "property",
    "dataclass",
    "Connection",
    "Callable",
    "Path",
    "User",
    "SQL",
    "queries",
    "records",
    "conn",
    "self",
    "cls",
    "sets",
    "mro",
    "os",
    "os.path",
    "app.evil",
    "app.None",
    "app.class.Role",
)


def quoted(text: str, mark: str = '"') -> str:
    """The text as an identifier of SQL, or as a string."""
    return mark + text.replace(mark, mark * 2) + mark


def comment(text: str) -> str:
    """The text as comment lines."""
    return "".join(f"-- {line}\n" for line in text.split("\n"))


def input_with(**given: str) -> dict[str, str]:
    """The files of a project, with a text in the given places."""
    words = {"description": "People.", "doc": "Insert one.", "column": "id", "parameter": "name", "literal": "so"}
    words |= {"statement": "greetings", "file": "users", "sql": "sql", "table": "users", "record": "User"}
    words |= {"package": "app.db", "records": "own.rows", "base": "bases.Base", "type": "own.types.Role"}
    words |= {"module": "own.types", "directive": "", **given}
    words = {"based": words["record"], **words}
    return {
        "pyproject.toml": "[tool.pydb]\n"
        f"sql = {json.dumps(words['sql'])}\n"
        'schema = "schema.sql"\n'
        f"package = {json.dumps(words['package'])}\n"
        f"modules = [{json.dumps(words['module'])}]\n"
        "[tool.pydb.records]\n"
        f"module = {json.dumps(words['records'])}\n"
        f"[tool.pydb.records.{json.dumps(words['based'])}]\n"
        f"bases = [{json.dumps(words['base'])}]\n",
        "schema.sql": f"CREATE TABLE {quoted(words['table'])} (id integer NOT NULL PRIMARY KEY, name text NOT NULL);\n",
        f"{words['records'].replace('.', '/')}.py": "from dataclasses import dataclass\n\n\n"
        "@dataclass\nclass Name:\n    name: str\n",
        "own/types.py": "class Role(str):\n    pass\n",
        f"{words['sql']}/{words['file']}.sql": f"{comment(words['description'])}\n"
        f"-- name: create :one {words['record']}\n{comment(words['doc'])}"
        f"INSERT INTO {quoted(words['table'])} (name) VALUES (:{words['parameter']})\n"
        f"RETURNING id AS {quoted(words['column'])}, name;\n\n\n"
        f"-- name: {words['statement']} :many scalar\n-- @column name {words['type']}\n{words['directive']}"
        f"SELECT {quoted(words['literal'], chr(39))} || name AS name FROM {quoted(words['table'])};\n\n\n"
        "-- name: names :many Name\n"
        f"SELECT name FROM {quoted(words['table'])};\n\n\n"
        "-- name: insert_many :batch\n"
        f"INSERT INTO {quoted(words['table'])} (name) VALUES (:{words['parameter']});\n",
    }


PLACES: Mapping[str, Callable[[str], dict[str, str]]] = {
    **{
        place: lambda text, place=place: input_with(**{place: text})  # type: ignore[misc]
        for place in (
            *("description", "doc", "column", "parameter", "literal", "statement", "file", "sql", "table", "record"),
            *("package", "records", "base", "type", "module", "based"),
        )
    },
    "folder": lambda text: input_with(file=f"{text}/users"),
    "part of the package": lambda text: input_with(package=f"app.{text}"),
    "module of a base": lambda text: input_with(base=f"{text}.Base"),
    "class of a base": lambda text: input_with(base=f"bases.{text}"),
    "module of a type": lambda text: input_with(type=f"own.{text}.Role"),
    "@param": lambda text: input_with(directive=f"-- @param {text} int\n"),
    "@column": lambda text: input_with(directive=f"-- @column {text} int\n"),
    "type of a directive": lambda text: input_with(directive=f"-- @column extra {text}\n"),
}
PROSE = ("description", "doc")
FREE = (*PROSE, "literal", "sql", "table")
"""The places in which any text can be meant."""

CERTAIN = {"based": ("User",), "type": tuple(SCALARS), "module": ()}
"""The places in which no word can stand for another, and the words that fit."""


def snake(name: str) -> str:
    """The name of a record as a part of another name."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def parts_of(place: str, text: str) -> dict[str, str]:
    """Harmless words, and the part of the text that each of them replaces."""
    if place in FREE:
        return {"harmless": text}
    if place in CERTAIN:
        return {}
    if place == "parameter" and keyword.iskeyword(text):
        return {"harmless0": f"{text}_"}
    kinds = [(part, "Harmless" if part[:1].isupper() else "harmless") for part in text.strip().split(".")]
    return {f"{kind}{index}": part for index, (part, kind) in enumerate(kinds)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The output of `pydb generate`, its exit code, and the text of each file of the package."""

    code: int
    printed: str
    texts: Mapping[str, str]


class Ground:
    """A folder in which projects are generated one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.twins: dict[tuple[str, str], Outcome] = {}

    def generate(self, files: Mapping[str, str]) -> Outcome | None:
        """Generate the package of a project with only these files; None if a file cannot have its name."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        os.chdir(self.folder)
        try:
            for name, text in files.items():
                file = self.folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(text.encode())
        except (OSError, ValueError):
            return None
        before = {str(file) for file in self.folder.rglob("*.py")}
        printed = io.StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            code = main(["generate"])
        for name, module in list(sys.modules.items()):
            # A folder without __init__.py is a module too, but it has no file.
            places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
            if any(place.startswith(str(self.folder)) for place in places):
                del sys.modules[name]
        made = sorted(file for file in self.folder.rglob("*.py") if str(file) not in before)
        texts = {str(file.relative_to(self.folder)): file.read_text("utf-8") for file in made}
        return Outcome(code, printed.getvalue(), texts)

    def twin(self, place: str, parts: Mapping[str, str]) -> Outcome:
        """The text that harmless words become in the place."""
        word = ".".join(parts)
        if (place, word) not in self.twins:
            found = self.generate(PLACES[place](word) if parts else input_with())
            assert found is not None
            assert found.code == 0, found.printed
            self.twins[place, word] = found
        return self.twins[place, word]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The folder; the current folder is restored afterwards."""
    home = Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        yield Ground(tmp_path_factory.mktemp("hostile") / "project")
    os.chdir(home)


class Plain(ast.NodeTransformer):
    """A file without docstrings and imports, in which each imported name has its original name."""

    def __init__(self, source: str) -> None:
        tree = ast.parse(source)
        self.docs: list[str] = []
        self.imports: set[tuple[str, str]] = set()
        self.named: dict[str, str] = {}
        for node in ast.walk(tree):
            assert not isinstance(node, ast.Import)
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0
                self.imports |= {(str(node.module), alias.name) for alias in node.names if node.module != "builtins"}
                self.named |= {alias.asname: alias.name for alias in node.names if alias.asname}
        rest = [node for node in tree.body[1:] if not isinstance(node, ast.ImportFrom)]
        self.statements: list[str] = []
        self.statements += [ast.dump(self.visit(node)) for node in rest]
        self.docs.insert(0, ast.get_docstring(tree) or "")

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            self.docs.append(ast.get_docstring(node) or "")
            node.body = node.body[1:]
        elif isinstance(node, ast.Name):
            node.id = self.named.get(node.id, node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = self.named.get(node.value, node.value)
        super().generic_visit(node)
        if isinstance(node, ast.List):
            # A list of names is sorted, so other names have another order.
            self.statements += map(ast.dump, node.elts)
            node.elts = []
        return node


def does_no_harm(ground: Ground, place: str, text: str) -> bool:
    """Whether the text is accepted; fails if it is neither refused by name nor treated like a harmless text."""
    if place in ("sql", "folder") and text.strip(".") == "":
        return False  # the text leads to another folder and is not a name
    found = ground.generate(PLACES[place](text))
    if found is None:
        return False
    if found.code != 0:
        assert found.code in (1, 2)
        assert found.texts == {}
        assert "pyproject.toml" in found.printed or "sql" in found.printed
        return False
    assert place not in CERTAIN or place == "module" or text in CERTAIN[place]
    parts = parts_of(place, text)
    twin = ground.twin(place, parts)
    if place == "type":
        return True

    def put(old: str) -> str:
        for word, part in parts.items():
            old = old.replace(repr(word), repr(part)).replace(word, part).replace(word.lower(), snake(part))
        return old

    assert set(found.texts) == set(map(put, twin.texts))
    for name, source in twin.texts.items():
        new = found.texts[put(name)]
        compile(new, name, "exec")
        assert shown(new) == new
        plain, expected = Plain(new), Plain(source)
        assert sorted(plain.statements) == sorted(map(put, expected.statements))
        assert plain.imports == {(put(module), put(item)) for module, item in expected.imports}
        for doc, old in zip(plain.docs, expected.docs, strict=True):
            check_doc(doc, old, put, text if place in PROSE else None)
    return True


def check_doc(doc: str, harmless: str, put: Callable[[str], str], prose: str | None) -> None:
    """Check that a docstring has the words of the harmless one, or in a comment those of a comment."""
    if prose is None or "harmless" not in harmless:
        assert doc.split() == shown(put(harmless)).split()
        return
    lines = [f"-- {line}".strip()[2:] for line in prose.split("\n")]
    meant = "\n".join(lines).strip()
    # A record has the first paragraph of its file's description.
    assert doc.split() in (shown(meant).split(), shown(meant.split("\n\n")[0]).split()) or (
        not meant and doc.startswith(("This statement has no description", "The statements of", "A row of"))
    )


@pytest.mark.deep
@pytest.mark.parametrize(("place", "texts"), [("doc", TEXTS), ("sql", TEXTS), ("column", NAMES), ("record", NAMES)])
def test_hostile_text_does_no_harm(place: str, texts: tuple[str, ...], ground: Ground) -> None:
    """Each text is either refused by name, or used exactly as a harmless text."""
    accepted = [text for text in texts if does_no_harm(ground, place, text)]
    assert accepted


PIECES = st.sampled_from(
    ("a", "B", "_", "1", ".", " ", '"', "'", "\\", "\n", "#", "(", ")", ":", ";", "\x1b", "\u202e", "ª")
)


@given(
    place=st.sampled_from(sorted(PLACES)),
    text=st.sampled_from(TEXTS + NAMES) | st.text(PIECES, min_size=1, max_size=12),
)
@example(place="parameter", text="class")
def test_any_text_in_any_place_does_no_harm(place: str, text: str, ground: Ground) -> None:
    """Whatever text is in any place, the package contains what was meant or is not written."""
    does_no_harm(ground, place, text)


USED = (
    *("dataclass", "classmethod", "property", "load", "queries", "annotations", "builtins", "names", "sets", "records"),
    *("Connection", "Callable", "Collection", "Iterable", "Iterator", "TypedDict", "TypeAlias", "Row", "Path", "Any"),
    *(
        "AwareDatetime",
        "Decimal",
        "UUID",
        "date",
        "datetime",
        "time",
        "timedelta",
        "match",
        "case",
        "type",
        "SQL",
        "User",
    ),
)


def test_names_that_python_uses_harm_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Builtins and imported names can be columns, parameters, functions, factories, files and bases all at once."""
    names = sorted(name for name in {*dir(builtins), *USED} if name[0] != "_" and not keyword.iskeyword(name))
    columns = ", ".join(f"id AS {quoted(name)}" for name in names)
    bases = [f"app.bases.{name}" for name in ("Odd", "Path", "SQL", "classmethod", "dataclass", "int", "list", "load")]
    many = f"SELECT {columns} FROM plain WHERE id IN (:list) AND id > :int"
    insert = "INSERT INTO plain (day) VALUES (:{0}) RETURNING id AS number, day, price"
    configured = f"{CONFIGURED}[tool.pydb.records.Odd]\nbases = {json.dumps(bases)}\n"
    with project_in(tmp_path, monkeypatch, capsys, configured) as project:
        project.write(
            {
                "app/__init__.py": "",
                "app/bases.py": "".join(f"class {base[10:]}:\n    __slots__ = ()\n" for base in bases),
                "schema.sql": "CREATE TABLE plain (id integer NOT NULL PRIMARY KEY, day date, price numeric(9, 2));\n",
                "sql/odd.sql": f"-- name: all :many Odd\n{many};\n",
                "sql/plain.sql": "\n\n".join(f"-- name: {name} :one Plain\n{insert.format(name)};\n" for name in names),
                **{
                    f"sql/{name}.sql": f"-- name: {name} :many scalar\nSELECT id FROM plain;\n"
                    for name in set(names) - {"records"}
                },
            }
        )
        project.generate()
        with project.imported() as package:
            assert [field.name for field in fields(package.Odd)] == names
            assert get_type_hints(package.Odd) == dict.fromkeys(names, int)
            assert [base.__name__ for base in package.Odd.__bases__] == [base[10:] for base in bases]
            for name in names:
                hints = get_type_hints(getattr(package.Plain, name))
                assert hints == {"conn": Connection, name: date | None, "return": package.Plain}
                assert get_type_hints(getattr(package.plain, name)) == hints
                if name != "records":
                    hints = get_type_hints(getattr(importlib.import_module(f"app.db.{name}"), name))
                    assert hints == {"conn": Connection, "return": list[int]}
