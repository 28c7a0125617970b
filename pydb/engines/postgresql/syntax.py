"""PostgreSQL's SQL as text: an engine's name in; rules for strings, comments, placeholders and lasting statements out.

Sources: PostgreSQL manual 4.1 "Lexical Structure" and its scan.l, and "System Administration Functions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise

from pydb.sqlfile.lexical_rules import DASHES, PLAIN_STRING, lexical_rules
from pydb.sqlfile.syntax import OPERAND_FOLLOWS, Syntax, ends_operand
from pydb.sqlfile.tokens import SPACE, STRING, WORD, Token, TokenList

__all__ = ["PostgresqlSyntax"]

_BACKSLASH_STRING = r"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'"
# A string literal may continue after a line break; an E'' string keeps its rule for backslashes there.
_BREAK = r"[ \t\f\v]*+(?:--[^\n]*+)?\r?\n(?:\s++|--[^\n]*+\n)*+"
_ESCAPES = rf"[eE]{_BACKSLASH_STRING}(?:{_BREAK}{_BACKSLASH_STRING})*"
_DOLLARS = r"\$(?P<tag>(?:[^\W\d]\w*+)?)\$.*?\$(?P=tag)\$"

_COMPARED_WITH_MARK = frozenset({"=?", "<?", ">?", "<>?", "!=?", "<=?", ">=?"})
_SETTINGS = frozenset({"PG_SETTINGS", '"pg_settings"'})
_LOCK = re.compile(r"\bpg_(?:try_)?advisory_lock", re.IGNORECASE)

_DRIVER_PREPARES = "write the statement itself: the driver prepares it"
_IS_RESET = "leave it out: Database resets a session before its next use"


_ROUTINES = frozenset({"FUNCTION", "PROCEDURE"})
_WORDS_BEFORE_KIND = 4


class PostgresqlSyntax(Syntax):
    """The syntax of PostgreSQL, with ``standard_conforming_strings`` on."""

    rules = lexical_rules(
        word=r"(?![eE]')[^\W\d][\w$]*+",
        string=rf"{PLAIN_STRING}|{_ESCAPES}|{_DOLLARS}",
        comment=rf"{DASHES}|/\*(?:[^*/]++|\*(?!/)|/(?!\*))*+\*/",
        unterminated=r"""['"]|[eE]'|/\*|\$(?:[^\W\d]\w*+)?\$""",
        placeholder=r"\$\d++",
        operator=r"(?:(?!--|/\*)[-+*/<>=~!@#%^&|`?])++",
    )
    nested_comments = True
    subscripts = True
    offset_needs_limit = False
    needs_types = True
    text_type = "text"
    other_type = "timestamptz"
    # The commands of psql with which pg_dump protects its output:
    # https://www.postgresql.org/docs/current/app-psql.html.
    left_out = r"\\(?:un)?restrict\b[^\n]*+"
    command_mark = "\\"
    sqlfluff_dialects = ("postgres",)
    longest_label = 63
    lasting_verbs: Mapping[str, str] = {
        "SET": "write SET LOCAL …",
        "SET SESSION": "write SET LOCAL … or SET TRANSACTION …",
        "RESET": "write SET LOCAL … TO DEFAULT",
        "DISCARD": _IS_RESET,
        "LISTEN": "keep a connection for it: db.connect()",
        "UNLISTEN": _IS_RESET,
        "PREPARE": _DRIVER_PREPARES,
        "EXECUTE": _DRIVER_PREPARES,
        "DEALLOCATE": _DRIVER_PREPARES,
        "DECLARE": "leave WITH HOLD out, or use :stream",
        "LOAD": "let a DBA set session_preload_libraries",
        "UPDATE": "write SET LOCAL …",
        "DO": "call pg_advisory_xact_lock()",
    }
    named_verbs = frozenset({"SET", "RESET", "UPDATE"})
    lasting_functions: Mapping[str, str] = {
        "SET_CONFIG": "write set_config(…, …, true)",
        "PG_ADVISORY_LOCK": "call pg_advisory_xact_lock()",
        "PG_ADVISORY_LOCK_SHARED": "call pg_advisory_xact_lock_shared()",
        "PG_TRY_ADVISORY_LOCK": "call pg_try_advisory_xact_lock()",
        "PG_TRY_ADVISORY_LOCK_SHARED": "call pg_try_advisory_xact_lock_shared()",
        "DBLINK_CONNECT": "pass the connection string to dblink()",
        "DBLINK_CONNECT_U": "pass the connection string to dblink()",
    }
    outside_functions = frozenset({"LO_EXPORT", "PG_FILE_WRITE", "PG_FILE_UNLINK", "PG_FILE_RENAME", "DBLINK_EXEC"})
    system_schemas = frozenset({"PG_CATALOG", '"pg_catalog"'})
    extension_functions = ("DBLINK", "PG_FILE")

    @property
    def watched_verbs(self) -> frozenset[str]:
        # An UPDATE lasts only if it changes pg_settings.
        return super().watched_verbs - {"UPDATE"} | {"COPY"}

    @property
    def watched_words(self) -> frozenset[str]:
        return super().watched_words | _SETTINGS

    def end_of_create(self, tokens: Iterator[Token]) -> int | None:
        """The first semicolon outside brackets (a rule has some inside) and outside BEGIN ATOMIC … END of a routine.

        Source: psqlscan.l, which counts brackets, BEGIN, CASE and END.
        """
        words: list[str] = []
        depth = brackets = 0
        for token, following in pairwise(chain(tokens, [Token(SPACE, "", 0)])):
            text = token.text
            if text == ";" and brackets == depth == 0:
                return token.start
            if text in "()":
                brackets = max(0, brackets + (1 if text == "(" else -1))
            elif token.kind == WORD and brackets == 0:
                text = text.upper()
                if len(words) < _WORDS_BEFORE_KIND:
                    words.append(text)
                if not _ROUTINES.isdisjoint(words[1:2] if words[1:3] != ["OR", "REPLACE"] else words[3:]):
                    depth += _step(text, following.text.upper(), depth)
        return None

    def is_placeholder(self, tokens: Sequence[Token], i: int) -> bool:
        text = tokens[i].text
        if not text.endswith("?"):
            return False
        # A question mark between two operands is an operator of jsonb.
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        stops = after is None or after.text in ("(", ")", ",", ";") or after.text.upper() in OPERAND_FOLLOWS
        # PostgreSQL reads =? as one operator, but it has no comparison operator with a question mark.
        return text in _COMPARED_WITH_MARK or (text == "?" and (stops or not ends_operand(tokens, i - 1)))

    def lasting(self, code: TokenList, start: int, verb: str) -> str:
        if verb == "DECLARE":
            return "WITH HOLD" if any(code.word(i - 1) == "WITH" for i in code.at.get("HOLD", ())) else ""
        if verb == "DO":
            body = next((token.text for token in code.tokens if token.kind == STRING), "")
            return f"{found[0].lower()}()" if (found := _LOCK.search(body)) else ""
        passes = verb == "SET" and code.word(start + 1) in ("LOCAL", "TRANSACTION", "CONSTRAINTS")
        passes = passes or (verb == "UPDATE" and _SETTINGS.isdisjoint(code.words[start + 1 : start + 5]))
        return "" if passes else super().lasting(code, start, verb)

    def ends_with_transaction(self, code: TokenList, name: str, i: int) -> bool:
        """Whether the call is ``set_config(…)`` with ``true`` as its third argument."""
        if name != "SET_CONFIG":
            return False
        # Only the relevant part of an argument, because it may contain other calls.
        arguments = [code.words[item.start : min(item.stop, item.start + 4)] for item in code.items(i + 1) or ()]
        named = {words[0]: words[2:] for words in arguments if words[1:2] in (["=>"], [":="])}
        return named.get("IS_LOCAL") == ["TRUE"] or arguments[2:3] == [["TRUE"]]

    def not_for_driver(self, code: TokenList, verb: str) -> tuple[str, str] | None:
        if verb != "COPY" or not any(code.word(i + 1) == "STDIN" for i in code.top("FROM")):
            return None
        hint = "write INSERT as :batch, or call copy() of the driver's cursor"
        return "COPY … FROM STDIN needs rows that are not in the statement", hint

    def writes_outside(self, code: TokenList, verb: str) -> str:
        if verb == "COPY" and any(code.word(i + 1) != "STDOUT" for i in code.top("TO")):
            return "COPY … TO writes a file, or runs a program, on the server"
        for name in sorted({name for name, _ in self.calls(code)} & self.outside_functions):
            return f"{name.lower()}() writes outside of the database"
        return ""


def _step(word: str, following: str, depth: int) -> int:
    """The number of bodies that a word opens; -1 for a word that closes one."""
    if (word == "BEGIN" and following == "ATOMIC") or (word == "CASE" and depth > 0):
        return 1
    return -1 if word == "END" and depth > 0 else 0
