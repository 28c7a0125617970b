"""Names that Python cannot have, or that would exist twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pydb.generate.clashes import field_clash, function_clashes, module_clashes, record_clash
from pydb.generate.model import Function, Module, TypeSpec
from pydb.sqlfile.optional_lines import NameKind, OptionalName
from pydb.sqlfile.row_word import RowWord


def function(name: str, row_word: RowWord = RowWord.EXEC) -> Function:
    """A function without columns."""
    return Function(name, f"users.{name}", "", row_word, None, (), ())


@pytest.mark.parametrize("name", ["id", "größe", "name_2", "type", "match"])
def test_a_field(name: str) -> None:
    """A column of a usual name is a field."""
    assert field_clash(name) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("class", "cannot be a field"),
        ("count(*)", "cannot be a field"),
        ("mro", "cannot be a field"),
        ("__init__", "cannot be a field"),
        ("ﬁnd", "Python would read the column ﬁnd as find"),
    ],
)
def test_no_field(name: str, said: str) -> None:
    """A keyword, an expression, a name of every class, and a name that Python changes, are refused."""
    clash = field_clash(name)
    assert clash is not None
    assert said in clash[0]
    assert "AS" in clash[1]


@pytest.mark.parametrize(("name", "clashes"), [("User", False), ("SQL", True), ("queries", True)])
def test_a_record(name: str, clashes: bool) -> None:
    """records.py defines two names."""
    assert (record_clash(name) is not None) == clashes


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("users",), None),
        (("records",), "records.py contains the records"),
        (("statement_types", "a"), "statement_types.py contains the types of the statements"),
        (("User",), "a record has the same name, User"),
        (("reports",), "a folder has the same name, reports"),
        (("reports", "stock"), None),
    ],
)
def test_a_module(parts: tuple[str, ...], said: str | None) -> None:
    """The names of records, of a record and of a folder are already used in the package."""
    found = list(module_clashes(Module(parts, "", ()), {("reports",)}, {"User"}))
    assert [message for message, _ in found] == ([said] if said else [])


def test_functions() -> None:
    """Two functions clash if they, or their types, have the same name."""
    assert not list(function_clashes([function("a"), function("b")]))
    clashing = [function("add", RowWord.BATCH), function("AddSet")]
    found = list(function_clashes(clashing))
    assert [(one.name, message) for one, message, _ in found] == [
        ("add", "AddSet would be defined twice"),
        ("AddSet", "AddSet would be defined twice"),
    ]


def test_choices() -> None:
    """The type of a choice has a name, which may be that of the function's rows or of another function."""
    row = OptionalName("row", NameKind.CHOICE, ("", "a", "b"))
    alone = Function("find", "users.find", "", RowWord.MANY, "scalar", (TypeSpec("int"),), (), optional={"row": row})
    assert not list(function_clashes([alone]))
    ((_, message, hint),) = function_clashes([replace(alone, record=None)])
    assert (message, hint) == ("FindRow would be defined twice", "rename the choice")
    assert [hint for _, _, hint in function_clashes([alone, function("FindRow")])] == [
        "rename the choice",
        "rename the statement",
    ]


def test_the_folder_of_asynchronous_functions() -> None:
    """A .sql file or a folder cannot be named aio if the package has asynchronous functions."""
    for parts in (("aio",), ("aio", "users")):
        module = Module(parts, "", ())
        assert [message for message, _ in module_clashes(module, (), (), True)] == [
            "aio/ contains the asynchronous functions"
        ]
        assert not list(module_clashes(module, (), ()))
