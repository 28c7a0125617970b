"""Lexical rules: one pattern that distinguishes the kinds of tokens."""

from __future__ import annotations

import pytest

from pydb.sqlfile.lexical_rules import STOP, compiled_rules, lexical_rules, skimming
from pydb.sqlfile.tokens import CAST, COMMENT, NUMBER, OPERATOR, PARAMETER, PLAIN, PUNCTUATION, QUOTED, STRING, WORD


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("users", WORD),
        ("'it''s'", STRING),
        ('"a""b"', QUOTED),
        (":name", PARAMETER),
        ("::", CAST),
        ("1.5e-3", NUMBER),
        ("-- why", COMMENT),
        ("/* why */", COMMENT),
        ("<>", OPERATOR),
        (":=", OPERATOR),
        ("(", PUNCTUATION),
        ("'open", STOP),
        ("", STOP),
    ],
)
def test_shared_rules(text: str, kind: str) -> None:
    """The shared rules distinguish the common tokens without arguments."""
    found = compiled_rules(lexical_rules()).match(f"  {text}")
    assert found is not None
    assert found.lastgroup == kind
    assert kind == STOP or found[kind] == text


def test_skimming() -> None:
    """Plain text stays together, up to the first token that matters."""
    found = skimming(lexical_rules()).match("INSERT INTO t (a, b) VALUES (1, 'x')")
    assert found is not None
    assert (found.lastgroup, found[PLAIN]) == (PLAIN, "INSERT INTO t (a, b) VALUES (1, ")


def test_an_engines_own_rule() -> None:
    """An engine's rule replaces the shared rule."""
    rules = lexical_rules(quoted=r"\[[^\]]*\]")
    found = compiled_rules(rules).match("[a b]")
    assert found is not None
    assert found.lastgroup == QUOTED
