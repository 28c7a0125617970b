"""Lexical rules: an engine's differences in; a regular expression for each kind of token, and one for all, out.

Sources: PostgreSQL manual 4.1 "Lexical Structure" and its scan.l, SQLite's tokenize.c, MariaDB's
"Comment Syntax", "String Literals" and "Identifier Names".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pydb.sqlfile.tokens import (
    CAST,
    COMMENT,
    NUMBER,
    OPERATOR,
    PARAMETER,
    PLACEHOLDER,
    PLAIN,
    PUNCTUATION,
    QUOTED,
    STRING,
    WORD,
)

__all__ = [
    "BACKTICKS",
    "DASHES",
    "PLACEHOLDER_MARKS",
    "PLAIN_QUOTED",
    "PLAIN_STRING",
    "STOP",
    "compiled_rules",
    "lexical_rules",
    "skimming",
    "texts",
]

STOP: Final = "stop"
"""The group for the position at which matching stops: the start of an unterminated token, or the end of the text."""

PLACEHOLDER_MARKS = ("?", "$", "@", "#", "%")
"""Every placeholder of an engine or driver contains one of these."""

DASHES = r"--[^\n]*+"
PLAIN_STRING = r"'[^']*+(?:''[^']*+)*+'"
PLAIN_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'
BACKTICKS = r"`[^`]*+(?:``[^`]*+)*+`"


def lexical_rules(
    *,
    word: str = r"[^\W\d][\w$]*+",
    string: str = PLAIN_STRING,
    quoted: str = PLAIN_QUOTED,
    comment: str = rf"{DASHES}|/\*.*?\*/",
    unterminated: str = r"""['"]|/\*""",
    placeholder: str = r"(?!)",
    operator: str = r"(?:(?!--|/\*)[-+*/<>=~!%^&|])++",
) -> Mapping[str, str]:
    """The rules by kind, in the order in which they are tried; without arguments, they are those of all engines."""
    return {
        WORD: word,
        PUNCTUATION: r"[(),;]",
        PARAMETER: r"(?<![\w:]):[^\W\d]\w*+",
        STRING: string,
        QUOTED: quoted,
        COMMENT: comment,
        # The end of the text matches too: else the search would restart at each blank of the white space before it.
        STOP: rf"{unterminated}|\Z",
        PLACEHOLDER: placeholder,
        NUMBER: r"(?:\d[\d_]*+(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d++)?\w*+",
        CAST: "::",
        # No rule matches white space.
        OPERATOR: rf"{operator}|:=|[^ \t\n\r\f\v]",
    }


def compiled_rules(rules: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern with a group for each kind."""
    kinds = "|".join(f"(?P<{kind}>{rule})" for kind, rule in rules.items())
    # The white space before a token is part of its match: else every rule would be tried at every blank.
    return re.compile(rf"[ \t\n\r\f\v]*+(?:{kinds})", re.DOTALL)


def skimming(rules: Mapping[str, str]) -> re.Pattern[str]:
    """The same pattern, with runs of plain text as one token of the kind PLAIN."""
    return compiled_rules({PLAIN: rf"(?:[ \t\n\r\f\v(),]++|{rules[WORD]}|\d++(?:\.\d++)?+(?![\w.]))++", **rules})


def texts(rules: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern that finds strings, quoted names and comments; its group ``open`` starts one that never ends."""
    return re.compile(rf"{rules[STRING]}|{rules[QUOTED]}|{rules[COMMENT]}|(?P<open>{rules[STOP]})", re.DOTALL)
