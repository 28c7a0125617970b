"""Foreign text in a generated file."""

from __future__ import annotations

import ast

from hypothesis import example, given
from hypothesis import strategies as st

from pydb.generate.text import literal, visible
from tests.harness.terminal_text import ACTING, shown


@example('"')
@example("'")
@given(st.text(st.sampled_from("ab'\"\\\n{} " + ACTING) | st.characters(codec="utf-8"), max_size=40))
def test_any_text_becomes_a_string(text: str) -> None:
    """A string is one printable line with the meaning of the text; in a comment it is one line too."""
    source = literal(text)
    assert ast.literal_eval(source) == text
    assert shown(source) == source
    assert "\n" not in source + visible(text)
    assert shown(visible(text)) == visible(text)


def test_quotation_marks() -> None:
    """Strings have double quotes, like ruff's, unless the text contains one."""
    assert (literal("a"), literal("it's"), literal('say "a"')) == ('"a"', '"it\'s"', "'say \"a\"'")
