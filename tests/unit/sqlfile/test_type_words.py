"""The type words: each is known wherever a type is named, with the same meaning."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import pydb
from pydb.cli.arguments import CONVERTERS, convert
from pydb.describe.type_mapping import fits, words_of
from pydb.engines import engine_names
from pydb.engines.base import rules_of
from pydb.sqlfile.definition import TypeName
from pydb.sqlfile.parser import parse_file
from pydb.sqlfile.type_words import SCALARS, TYPE_WORDS, TypeWord, scalar_of
from pydb.values.adapters import ParameterType
from pydb.values.converters import conversion_for
from pydb.values.kinds import Kind, kind_named, word_of
from tests.harness.projects import CONFIGURED, project_in

NAMES = list(SCALARS)
TYPES = (
    *("int", "integer", "bigint", "smallint", "tinyint", "mediumint", "int2", "int4", "int8", "oid", "tinyint(1)"),
    *("numeric", "numeric(10)", "numeric(10,2)", "decimal", "dec", "real", "float", "double", "money", "year", "bit"),
    *("text", "varchar", "varchar(10)", "char", "clob", "citext", "enum", "set", "longtext", "inet", "xml", "uuid"),
    *("blob", "bytea", "binary", "varbinary", "longblob", "boolean", "bool", "json", "jsonb", "int4[]"),
    *("timestamptz", "timestamp", "datetime", "time", "date", "interval"),
)


@pytest.mark.parametrize("word", TYPE_WORDS, ids=NAMES)
def test_each_word_is_known_everywhere(word: TypeWord) -> None:
    """A word is a directive's type, a kind with its own name, and a type that engines store and commands read."""
    directives = f"-- @param a {word.name}\n-- @column b {word.name}?"
    (parsed,) = parse_file(f"-- name: x :many\n{directives}\nSELECT :a AS b;\n", "t.sql", "t", None)
    assert parsed.notes.parameter_types == {"a": TypeName(word.name)}
    assert parsed.notes.column_types == {"b": TypeName(word.name, nullable=True)}
    kind = kind_named(word.name, False, {})
    assert kind == Kind(word.type)
    assert word_of(kind) == word.name
    for engine in engine_names():
        assert (conversion_for(kind, rules_of(engine).converters) is None) == (word.name == "any")
    assert word.name in CONVERTERS
    assert hasattr(importlib.import_module(word.module), word.python or word.name)


@pytest.mark.parametrize("word", TYPE_WORDS, ids=NAMES)
def test_examples(word: TypeWord) -> None:
    """The example of a word is a value that a command accepts for it, and that @param accepts."""
    text = (word.example or "any").removesuffix(" (base64)").strip("'")
    value, postgresql = convert("a", text, TypeName(word.name)), rules_of("postgresql")
    ParameterType(Kind(word.type), declared=True).adapter(type(value), postgresql.adapters)(value)


@pytest.mark.parametrize("engine", engine_names())
def test_words_of_engines(engine: str) -> None:
    """The Python names of an engine's types are words of the list, and each fits itself."""
    for name in TYPES:
        words = words_of(name, engine)
        assert set(map(scalar_of, words)) <= set(NAMES), name
        assert all(fits(word, words) for word in words)


def test_stored_alike() -> None:
    """A word fits a column with the type that stores its values."""
    assert fits("bytearray", ("bytes",))
    assert fits("bytes", ("memoryview",))
    assert fits("dict", ("json",))
    assert not fits("bytearray", ("str",))


FILES = """\
-- Files.

-- name: put :affected
-- @param array bytearray
-- @param view memoryview?
INSERT INTO files (array, view) VALUES (:array, :view);


-- name: all :many
-- @column array bytearray
-- @column view memoryview?
SELECT array, view FROM files;
"""


def test_calls(tmp_path: Path) -> None:
    """A bytearray and a memoryview are accepted by @param, and returned by @column."""
    (tmp_path / "files.sql").write_text(FILES)
    queries = pydb.load(tmp_path)
    with pydb.Database("sqlite://") as database, database.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE files (array blob NOT NULL, view blob)")
        queries.files.put(conn, array=bytearray(b"\0a"), view=memoryview(b"b"))
        queries.files.put(conn, array=bytearray(), view=None)
        with pytest.raises(pydb.errors.ParameterError, match="a bytes, but @param says bytearray"):
            queries.files.put(conn, array=b"", view=None)
        first, second = queries.files.all(conn)
    assert (type(first.array), first.array) == (bytearray, b"\0a")
    assert (type(first.view), bytes(first.view)) == (memoryview, b"b")
    assert tuple(second) == (bytearray(), None)


def test_generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """They are checked, and written into the generated package, as the types with the same names."""
    with project_in(tmp_path, monkeypatch, capsys) as project:
        schema = "CREATE TABLE files (array blob NOT NULL, view blob);\n"
        record = FILES.replace(":many", ":many File")
        project.write(
            {"pyproject.toml": CONFIGURED, "schema.sql": schema, "app/__init__.py": "", "sql/files.sql": record}
        )
        done = project.pydb("generate")
        assert (done.code, done.err) == (0, "")
        made = "".join(project.files().values())
        assert "array: bytearray, view: memoryview | None" in made
        assert "    array: bytearray\n    view: memoryview | None\n" in made
        assert project.pydb("check").code == 0
