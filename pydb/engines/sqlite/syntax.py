"""SQLite's SQL as text: an engine's name in; rules for quotes, placeholders and lasting statements out.

Source: SQLite's tokenize.c, and https://sqlite.org/pragma.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydb.sqlfile.lexical_rules import BACKTICKS, PLAIN_QUOTED, lexical_rules
from pydb.sqlfile.syntax import Syntax
from pydb.sqlfile.tokens import Token, TokenList

__all__ = ["SqliteSyntax", "pragma_lasts"]

_READING_PRAGMAS = frozenset({"table_info", "table_xinfo", "table_list", "index_info", "index_xinfo", "index_list"})
_READING_PRAGMAS |= {"foreign_key_list", "foreign_key_check", "integrity_check", "quick_check"}
# PRAGMAs that act on the file, and one whose effect ends with the transaction.
_PASSING_PRAGMAS = frozenset({"user_version", "application_id", "schema_version", "defer_foreign_keys"})
_PASSING_PRAGMAS |= {"optimize", "wal_checkpoint", "incremental_vacuum", "shrink_memory"}

_TEMPORARY = ("TEMP", "TEMPORARY")
_WORDS_BEFORE_KIND = 6

_AT_CONNECT = "do it in a listener to the engine's connect event"


class SqliteSyntax(Syntax):
    """The syntax of SQLite."""

    rules = lexical_rules(
        quoted=rf"{PLAIN_QUOTED}|{BACKTICKS}|\[[^\]]*+\]",
        unterminated=r"""['"`\[]|/\*""",
        placeholder=r"\?\d*+|[@$]\w++(?!\$)",
    )
    # Between statements, the sqlite3 shell takes a line that begins with # for a comment.
    left_out = r"^#[^\n]*+"
    sqlfluff_dialects = ("sqlite", "postgres")
    last_statement_functions = frozenset({"LAST_INSERT_ROWID", "CHANGES", "TOTAL_CHANGES"})
    lasting_verbs: Mapping[str, str] = {"PRAGMA": _AT_CONNECT, "ATTACH": _AT_CONNECT, "DETACH": _AT_CONNECT}
    lasting_functions: Mapping[str, str] = {"LOAD_EXTENSION": _AT_CONNECT}

    def end_of_create(self, tokens: Iterator[Token]) -> int | None:
        """The offset of the first semicolon, or of a trigger's ``; END ;``: https://sqlite.org/c3ref/complete.html."""
        words: list[str] = []
        before = last = ""
        for token in tokens:
            word = token.text.upper()
            if len(words) < _WORDS_BEFORE_KIND:
                words.append(word)
            if word == ";" and ((before, last) == (";", "END") or not _is_trigger(words)):
                return token.start
            before, last = last, word
        return None

    def lasting(self, code: TokenList, start: int, verb: str) -> str:
        if verb != "PRAGMA":
            return super().lasting(code, start, verb)
        name = start + 3 if code.word(start + 2) == "." else start + 1
        plain = code.tokens[name].text.strip("\"'`[]") if name < len(code) else ""
        return f"PRAGMA {plain}" if code.word(name + 1) in ("=", "(") and pragma_lasts(plain) else ""


def _is_trigger(words: Sequence[str]) -> bool:
    """Whether a statement that begins with these words is CREATE [TEMP] TRIGGER, or EXPLAIN [QUERY PLAN] of one."""
    if words[:1] == ["EXPLAIN"]:
        words = words[3:] if words[1:3] == ["QUERY", "PLAN"] else words[1:]
    return [word for word in words if word not in _TEMPORARY][:2] == ["CREATE", "TRIGGER"]


def pragma_lasts(name: str) -> bool:
    """Whether ``PRAGMA name = …`` changes a setting of the connection."""
    return name.lower() not in _READING_PRAGMAS and name.lower() not in _PASSING_PRAGMAS
