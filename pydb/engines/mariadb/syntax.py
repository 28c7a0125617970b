"""MariaDB's SQL as text: an engine's name in; rules for quotes, comments, variables and lasting statements out.

Connections are in ANSI mode, where ``"a"`` is an identifier.  Sources: the MariaDB Knowledge Base, "Comment Syntax",
"String Literals", "Identifier Names" and "User-Defined Variables".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydb.engines.mariadb.backslash_modes import BackslashModes
from pydb.engines.mariadb.bodies import end_of_create
from pydb.sqlfile.lexical_rules import BACKTICKS, PLAIN_QUOTED, PLAIN_STRING, lexical_rules
from pydb.sqlfile.syntax import ScriptModes, Syntax
from pydb.sqlfile.tokens import WORD, Token, TokenList

__all__ = ["MariadbSyntax"]

# Two dashes start a comment only if white space or a control character follows.
_DASHES = r"--(?![^\x00-\x20])[^\n]*+"
_BACKSLASH_STRING = r"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'"
_BACKSLASH_QUOTED = r'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"'

_DRIVER_PREPARES = "write the statement itself: the driver prepares it"
_UTF8 = "leave it out: Database uses utf8mb4"
_NOT_HERE = "leave it to a DBA, outside of the application"


def _rules(string: str, quoted: str) -> Mapping[str, str]:
    return lexical_rules(
        word=r"@@?[\w$.]*+|(?!\$\d)(?:[^\W\d]|\$)[\w$]*+",
        string=string,
        quoted=rf"{quoted}|{BACKTICKS}",
        # The text in /*! … */ is code, so only the marks around it are tokens of their own.
        comment=rf"{_DASHES}|#[^\n]*+|/\*(?!M?!).*?\*/",
        unterminated=r"""['"`]|/\*(?!M?!)""",
        placeholder=r"\?|\$\d++",
        operator=r"/\*M?!\d*+|\*/(?!\*)|(?:(?!--(?![^\x00-\x20])|/\*|\*/)[-+*/<>=~!%^&|])++",
    )


class MariadbSyntax(Syntax):
    """The syntax of MariaDB."""

    rules = _rules(_BACKSLASH_STRING, _BACKSLASH_QUOTED)
    backslash_rules = _rules(PLAIN_STRING, PLAIN_QUOTED)
    backslash_hint = (
        "a backslash before a quote depends on MariaDB's NO_BACKSLASH_ESCAPES",
        "double the quote instead: ''",
    )
    delimiter_lines = True
    # At the start of a statement, the mariadb shell takes -- for a comment, whatever follows.
    left_out = r"--[^\n]*+"
    sqlfluff_dialects = ("mariadb", "postgres")
    last_statement_functions = frozenset({"LAST_INSERT_ID", "ROW_COUNT", "FOUND_ROWS"})
    lasting_verbs: Mapping[str, str] = {
        "SET": "write SET STATEMENT … FOR SELECT …",
        "SET LOCAL": "MariaDB reads it as SET SESSION: write an overlay for postgresql",
        "SET ROLE": "connect as a user with this default role",
        "SET NAMES": _UTF8,
        "SET CHARACTER": _UTF8,
        "SET CHARSET": _UTF8,
        "SET TRANSACTION": "use db.begin(isolation) or db.read()",
        "SET GLOBAL": _NOT_HERE,
        "SET PASSWORD": _NOT_HERE,
        "SET DEFAULT": _NOT_HERE,
        "BACKUP": _NOT_HERE,
        "FLUSH": _NOT_HERE,
        "USE": "write the database before the name: other.items",
        "LOCK": "lock rows: SELECT … FOR UPDATE",
        "HANDLER": "write a SELECT",
        "PREPARE": _DRIVER_PREPARES,
        "EXECUTE": _DRIVER_PREPARES,
        "DEALLOCATE": _DRIVER_PREPARES,
        "GET": "catch the error that pydb raises",
    }
    named_verbs = frozenset({"SET", "FLUSH"})
    lasting_functions: Mapping[str, str] = {"GET_LOCK": "lock a row: SELECT … FOR UPDATE"}
    variable_mark = "@"

    def end_of_create(self, tokens: Iterator[Token]) -> int | None:
        return end_of_create(tokens)

    def script_modes(self, script: str) -> ScriptModes:
        return BackslashModes() if "\\" in script else ScriptModes()

    @property
    def watched_words(self) -> frozenset[str]:
        return super().watched_words | {"OUTFILE", "DUMPFILE"}

    def lasting(self, code: TokenList, start: int, verb: str) -> str:
        passes = verb == "SET" and code.word(start + 1) == "STATEMENT"
        passes = passes or (verb == "FLUSH" and "LOCK" not in code.at and "EXPORT" not in code.at)
        return "" if passes else super().lasting(code, start, verb)

    def variables_set(self, code: TokenList, verb: str) -> Iterator[int]:
        is_given = verb in ("CALL", "LOAD")
        if not (is_given or ":=" in code.at or "INTO" in code.at):
            return
        is_listed = False
        for i, word in enumerate(code.words):
            is_variable = word.startswith("@") and not word.startswith("@@") and code.kind(i) == WORD
            if is_variable and (is_given or is_listed or code.word(i + 1) == ":="):
                yield i
            is_listed = word == "INTO" or (is_listed and (is_variable or word == ","))

    def writes_outside(self, code: TokenList, verb: str) -> str:
        for i in code.at.get("INTO", ()):
            if code.word(i + 1) in ("OUTFILE", "DUMPFILE"):
                return f"INTO {code.word(i + 1)} writes a file on the server"
        return ""
