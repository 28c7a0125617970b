"""Text from outside, made safe to print: the escapes, unchanged text, and commands of CI systems."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydb.support.escapes import escaped, escaped_json, listed, shortened

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()))
"""Lone surrogates too."""

HOSTILE = [
    *map(chr, [*range(0x20), *range(0x7F, 0xA0)]),  # C0, DEL and C1
    *"\u2028\u2029",  # line separators
    *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",  # directions
    *"\u00ad\u034f\u115f\u1160\u180e\u200b\u200c\u200d\u2060\u2064\u3164\ufeff\uffa0",  # invisible
    *"\ufff9\ufffa\ufffb\U000e0001\U000e0041\U000e0100",
    *"\ud800\udc80\udfff",  # lone surrogates
]


def visible(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs"


@pytest.mark.parametrize("character", HOSTILE, ids=ascii)
def test_what_a_terminal_obeys_is_written_out(character: str) -> None:
    """A control character or an invisible one becomes its Python escape, also between visible ones."""
    shown = character.encode("unicode_escape").decode("ascii")
    assert escaped(f"a{character}b") == f"a{shown}b"
    assert escaped(character) == shown


def test_what_is_kept() -> None:
    """Line breaks and tabs are kept if the caller says so, and nothing else is."""
    assert escaped("a\n\tb\r\x1b", keep="\n\t") == "a\n\tb\\r\\x1b"


def test_every_control_and_format_character() -> None:
    """No control, format, surrogate or separator character of this Python's Unicode is kept."""
    # Between these there are letters and ideographs, which are too many for a quick test.
    blocks = (
        (0, 0x3200),
        (0xD800, 0xE000),
        (0xFE00, 0x10000),
        (0x11000, 0x13500),
        (0x1BC00, 0x1D200),
        (0xE0000, 0xE1000),
    )
    bad = [chr(code) for start, end in blocks for code in range(start, end) if not visible(chr(code))]
    assert len(bad) > 5000
    assert escaped("".join(bad)).isascii()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "naïve café",
        "日本語\u3000テキスト",
        "עברית",
        "हिन्दी",
        "1\u00a0000",
        "⚠️ 🫥",
        "C:\\x1b",
        "a::b",
        "::1",
    ],
)
def test_what_stays(text: str) -> None:
    """Text of any language is unchanged, also spaces of all widths, emoji and IPv6 addresses."""
    assert escaped(text) == text


@given(ANYTHING)
def test_of_any_text(text: str) -> None:
    """Any text has only visible characters and spaces, can be encoded as UTF-8, and twice is the same as once."""
    made = escaped(text)
    assert all(map(visible, made))
    made.encode()
    assert escaped(made) == made


@given(st.lists(st.sampled_from(["\n", " ", "\t", "\u00a0", "::", ":", "error", "##", "#", "[", "vso", "]", "a"])))
def test_no_line_is_a_command(parts: list[str]) -> None:
    """No line is a command of GitHub Actions, Azure Pipelines or TeamCity, also if line breaks are kept."""
    for keep in ("", "\n\t"):
        made = escaped("".join(parts), keep)
        for line in made.split("\n"):
            assert not re.match(r"\s*::.*::", line)
            assert not re.search(r"##\w*\[", line)


@given(st.recursive(ANYTHING | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(ANYTHING, inner)))
def test_json_means_the_same(value: object) -> None:
    """JSON with escaped hidden characters has the same meaning, and contains none of them."""
    made = escaped_json(json.dumps(value, ensure_ascii=False, indent=2))
    assert all(visible(character) or character == "\n" for character in made)
    made.encode()
    assert json.loads(made) == json.loads(json.dumps(value))


def test_json_holds_no_command() -> None:
    """A command inside a JSON string is escaped, and is read back unchanged."""
    made = escaped_json(json.dumps("##[error]\x7f\U000e0001"))
    assert made == '"\\u0023#[error]\\u007f\\udb40\\udc01"'
    assert json.loads(made) == "##[error]\x7f\U000e0001"


def test_the_texts_of_a_caller() -> None:
    """A caller's text is cut, five of many texts are shown, and for another value its class."""
    assert shortened("idd") == "idd"
    assert shortened("x" * 100) == "x" * 39 + "…"
    assert shortened("a\nb") == "a\\nb"
    assert shortened(7) == "<int>"
    assert listed(["b", "a"]) == "a, b"
    assert listed(f"p{number}" for number in range(8)) == "p0, p1, p2, p3, p4 and 3 more"
