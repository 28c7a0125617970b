"""Docstrings, calls and imports of generated files, for unusual text."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydb.generate.layout import assignment, broken, docstring
from pydb.generate.names import WIDTH
from tests.harness.terminal_text import ACTING, shown

ODD = st.text(st.sampled_from('ab"\\\n \t-*1.é:' + ACTING) | st.characters(codec="utf-8"), max_size=300)


@given(ODD)
def test_any_text_becomes_a_docstring(text: str) -> None:
    """The file is valid Python, and the docstring has the words of the comment, without control characters."""
    source = f"def f():\n{docstring(text, 4)}\n"
    found = ast.get_docstring(ast.parse(source).body[0])  # type: ignore[arg-type]
    assert found is not None
    assert found.split() == (shown(text).split() or ["This", "statement", "has", "no", "description."])
    assert shown(source) == source


@given(st.lists(st.text("abc", min_size=1, max_size=12), min_size=1, max_size=60))
def test_prose_is_never_wider_than_a_line(words: list[str]) -> None:
    """Words that fit on a line are wrapped into lines that fit."""
    assert all(len(line) <= WIDTH for line in docstring(" ".join(words), 8).splitlines())


def test_ruff_leaves_docstrings_as_they_are() -> None:
    """Quotation marks at the ends, a text that just fits, lists and empty lines are formatted as by ruff."""
    texts = ['"a" says', 'says "a"', "x" * 78, "x" * 79, "word " * 16, "word " * 17, "a\n\n* b\n  c\n* " + "d " * 60]
    texts += ["ends in a backslash \\", '""" inside', "two\nlines", "tab\tinside", "  indented first"]
    texts += ["an escape \x1b[2J", "\u202e turned", "ends in a bell \x07", '\x00"', "odd spaces \u3000 \xa0"]
    source = "\n\n".join(f"def f{number}():\n{docstring(text, 4)}\n" for number, text in enumerate(texts))
    for width in ("88", "120"):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", width, "-"],
            input=source,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == source


@pytest.mark.parametrize("length", [10, 60, 75, 90, 140])
def test_assignments_of_any_length_are_python(length: int) -> None:
    """A name that is too long for a line is still assigned."""
    name = "n" * length
    text = assignment(name, "Callable[..., int]", "queries", f"users.{name}", ".real")
    module = {"queries": {f"users.{name}": 7}}
    exec(text, module)
    assert module[name] == 7  # type: ignore[comparison-overlap]


def test_a_call_is_broken_where_it_does_not_fit() -> None:
    """A call is on one line if it fits, and otherwise has a line for each argument."""
    assert broken("f", ["a", "b"], "", 0) == ["f(a, b)"]
    assert broken("f", ["a" * 50, "b" * 50], "", 4) == [
        "    f(",
        f"        {'a' * 50},",
        f"        {'b' * 50},",
        "    )",
    ]
