"""The names of one generated file, and its imports."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pydb.generate.model import TypeSpec
from pydb.generate.names import WIDTH, Names, isort_key, numbered


def test_names_are_sorted_as_a_person_would() -> None:
    """Names are sorted as constants, classes, and others; numbers by their value."""
    names = ["users", "User10", "SQL", "User2", "queries"]
    assert sorted(names, key=isort_key) == ["SQL", "User2", "User10", "queries", "users"]


def test_a_name_that_the_file_defines_is_imported_under_another() -> None:
    """A builtin or a type whose name is used gets an underscore at its end, or several."""
    names = Names({"list", "date", "date_"}, frozenset({"app"}))
    assert names.get("list") == "list_"
    assert names.get("int") == "int"
    assert names.type(TypeSpec("date", nullable=True)) == "date__ | None"
    assert names.type(TypeSpec("app.types.Role")) == "Role"
    assert names.imports() == (
        "from builtins import list as list_\nfrom datetime import date as date__\n\nfrom app.types import Role"
    )


def test_the_import_from_the_future_gets_out_of_the_way() -> None:
    """A function or module may be called annotations."""
    assert Names((), frozenset()).future_import() == "from __future__ import annotations"
    taken = Names({"annotations", "annotations_"}, frozenset())
    assert taken.future_import() == "from __future__ import annotations as annotations__"
    with_module = Names((), frozenset({"app"}))
    with_module.keep("app.db", "annotations")
    assert with_module.future_import() == "from __future__ import annotations as annotations_"


def test_two_types_of_one_name_are_told_apart() -> None:
    """Types with the same name in two modules can both be used."""
    names = Names((), frozenset({"app"}))
    assert names.type(TypeSpec("app.a.Kind")) == "Kind"
    assert names.type(TypeSpec("app.b.Kind")) == "Kind_"
    assert names.type(TypeSpec("app.a.Kind")) == "Kind"


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (TypeSpec("int"), "int"),
        (TypeSpec("int", nullable=True), "int | None"),
        (TypeSpec("json"), "Json"),
        (TypeSpec("any", nullable=True), "Any"),
        (TypeSpec("int[]"), "list[int]"),
        (TypeSpec("int?[][]", nullable=True), "list[list[int | None]] | None"),
        (TypeSpec("app.types.Role[]"), "list[Role]"),
        (TypeSpec("dict"), "dict[str, Any]"),
        (TypeSpec("AwareDatetime", nullable=True), "AwareDatetime | None"),
        (TypeSpec("Post", shape="tuple"), "tuple[Post, ...]"),
        (TypeSpec("Name", nullable=True, shape="record"), "Name | None"),
    ],
)
def test_annotations(spec: TypeSpec, text: str) -> None:
    """A type is written as a person would write the annotation."""
    assert Names((), frozenset()).type(spec) == text


def test_a_name_that_is_kept() -> None:
    """If a name is imported unchanged, other names get underscores."""
    names = Names((), frozenset({"app"}))
    names.keep("app.records", "date")
    assert names.get("date") == "date_"


def test_imports_are_as_ruff_sorts_them() -> None:
    """Imports have three groups, each in isort's order, renamed names on separate lines, and long lines wrapped."""
    names = Names({"date", "Row"}, frozenset({"app"}))
    for name in ("date", "Decimal", "Row", "Connection", "load", "Any", "Path", "Iterator"):
        names.get(name)
    for number in range(12):
        names.of("app.db.records", f"Record{number}")
    text = names.imports() + "\n"
    settings = 'lint.isort = {known-first-party = ["app"], known-third-party = ["pydb"]}'
    arguments = ["--isolated", "--select", "I", "--line-length", str(WIDTH), "--config", settings, "-"]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--fix", "-q", *arguments], input=text, capture_output=True, text=True
    )
    assert done.stdout == text


def test_numbered() -> None:
    """A name that is used gets underscores, and a number instead of many of them."""
    numbers: dict[str, int] = {}
    assert [numbered("a", numbers) for _ in range(4)] == ["a_", "a__", "a_3", "a_4"]
