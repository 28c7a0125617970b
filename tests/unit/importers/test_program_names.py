"""The texts of names in a program."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from pydb.importers.program_names import bindings_of, text_in


@pytest.mark.parametrize(
    ("program", "texts"),
    [
        ("a = 'x'", ["x"]),
        ("a: str = 'x'", ["x"]),
        ("if (a := 'x'): pass", ["x"]),
        ("a = 'x'\na = 'y'", ["x", "y"]),
        ("if b:\n    a = 'x'\nelse:\n    a = 'y'", ["x", "y"]),
        ("a = 'x'\na += 'y'", ["x", None]),
        ("a = b", [None]),
        ("a, b = c", [None]),
        ("for a in b: pass", [None]),
        ("with b as a: pass", [None]),
        ("import a.b", [None]),
        ("from b import c as a", [None]),
        ("try: pass\nexcept b as a: pass", [None]),
        ("def a(): pass", [None]),
        ("a = 'x'\ndef b():\n    a = 'y'", ["x"]),
        ("a = 'x'\ndef b():\n    global a\n    a = 'y'", ["x", None]),
    ],
)
def test_every_binding_of_a_scope_counts(program: str, texts: list[str | None]) -> None:
    """Only a name that is bound once, to a string, has that text; a function has its own names."""
    assert [text_in(value) for value in bindings_of(ast.parse(program)).bound["a"]] == texts


def test_parameters_and_attributes() -> None:
    """A function binds its parameters; in a class, assignments to attributes count too."""
    [function] = ast.parse("def f(a, /, *b, c=1, **d): pass").body
    assert sorted(bindings_of(function).bound) == ["a", "b", "c", "d"]
    [class_] = ast.parse(dedent("class A:\n    SQL = 'x'\n    def f(self):\n        self.SQL = 'y'\n")).body
    assert [text_in(value) for value in bindings_of(class_).bound["SQL"]] == ["x", None]
