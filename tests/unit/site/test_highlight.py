"""SQL as HTML."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from pydb.engines import engine_names
from pydb.site.highlight import highlighted

TAG = re.compile(r"<[^<>]*>")


def text_of(html: str) -> str:
    """The text that a reader sees."""
    return unescape(TAG.sub("", html))


def test_words() -> None:
    """Keywords, strings, comments and parameters have different classes, and a cast is not a parameter."""
    html = highlighted("SELECT 'a', x::text FROM t WHERE b = :b -- why", "postgresql")
    assert '<span class="k">SELECT</span>' in html
    assert '<span class="parameter">:b</span>' in html
    assert '<span class="c1">-- why</span>' in html
    assert html.count("parameter") == 1


def test_a_string_has_no_parameters() -> None:
    """Text in a string or a comment is not a parameter."""
    assert "parameter" not in highlighted("SELECT ':a' -- :b", "sqlite")


def test_links() -> None:
    """The name of a table is a link, quoted or not; a string with that name is not."""
    html = highlighted("SELECT 'users' FROM users, \"users\"", "sqlite", lambda name: {"users": "u.html"}.get(name))
    assert html.count('href="u.html"') == 2
    assert text_of(html) == "SELECT 'users' FROM users, \"users\""


def test_a_qualifier_is_no_link() -> None:
    """The name of a table before a column is not a link."""
    html = highlighted("SELECT users.id FROM users", "sqlite", lambda name: {"users": "u.html"}.get(name))
    assert html.count('href="u.html"') == 1


def test_markup_is_text() -> None:
    """No part of the SQL becomes markup."""
    html = highlighted("SELECT '<script>alert(1)</script>' AS \"<b>\" -- </code>", "sqlite")
    assert "<script" not in html
    assert "<b>" not in html
    assert "</code>" not in html


def test_invisible_characters_are_shown() -> None:
    """A mark that changes the direction of writing is shown as an escape."""
    assert "\\u202e" in highlighted("SELECT 'a\u202eb'", "sqlite")


@given(st.text(alphabet="ab :'\"`-/*\n;<>&()$1[]éß"), st.sampled_from(engine_names()))
def test_the_text_stays(sql: str, engine: str) -> None:
    """A reader sees the text unchanged, whatever it is."""
    assert text_of(highlighted(sql, engine)) == sql
