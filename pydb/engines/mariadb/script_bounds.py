"""Keep a script within the current database on MariaDB: each statement in; nothing, or OutOfBounds, out.

MariaDB does not separate the databases of one server.  So the names in the text are compared with the databases that
the user can see.

Sources: the MariaDB Knowledge Base, "SQL Statements" and "Comment Syntax" (executable comments).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydb.engines.mariadb.backslash_modes import BackslashModes
from pydb.engines.script_bounds import Ask, OutOfBounds, refuse_control, refuse_shell_command
from pydb.sqlfile.lexer import Tokenization, tokenizations
from pydb.sqlfile.syntax import syntax_of
from pydb.sqlfile.tokens import NUMBER, OPERATOR, QUOTED, WORD, Token, TokenList

__all__ = ["MariadbBounds"]

_REFUSED_VERBS = frozenset(
    {
        *("BACKUP", "BINLOG", "CACHE", "CHANGE", "DEALLOCATE", "EXECUTE", "FLUSH", "GRANT", "HANDLER", "INSTALL"),
        *("KILL", "LOAD", "PREPARE", "PURGE", "RESET", "REVOKE", "SHUTDOWN", "START", "STOP", "UNINSTALL", "USE", "XA"),
    }
)
# Refused everywhere, also in a body: a reserved word, or a word followed by another one.
_NEVER = frozenset({"GRANT", "REVOKE", "KILL", "SONAME"})
_REPLICATION = frozenset({"SLAVE", "SLAVES", "REPLICA", "REPLICAS", "ALL"})
_FLUSHED = frozenset(
    {
        *("PRIVILEGES", "TABLES", "TABLE", "LOGS", "BINARY", "ENGINE", "ERROR", "GENERAL", "SLOW", "RELAY", "QUERY"),
        *("HOSTS", "STATUS", "GLOBAL", "SESSION", "DES_KEY_FILE", "USER_RESOURCES", "LOCAL", "NO_WRITE_TO_BINLOG"),
        *("SSL", "PLUGINS", "USER_STATISTICS", "INDEX_STATISTICS", "TABLE_STATISTICS", "CLIENT_STATISTICS"),
    }
)
_NEVER_BEFORE = {
    "FLUSH": _FLUSHED,
    "RESET": _REPLICATION | {"MASTER", "QUERY"},
    "PURGE": frozenset({"BINARY", "MASTER"}),
    "CHANGE": frozenset({"MASTER"}),
    "INSTALL": frozenset({"PLUGIN"}),
    "UNINSTALL": frozenset({"PLUGIN"}),
    "BACKUP": frozenset({"STAGE", "LOCK", "UNLOCK"}),
    "START": _REPLICATION,
    "STOP": _REPLICATION,
    "LOAD": frozenset({"DATA", "XML", "INDEX"}),
    "INTO": frozenset({"OUTFILE", "DUMPFILE"}),
    "DATA": frozenset({"DIRECTORY"}),
    "INDEX": frozenset({"DIRECTORY"}),
}
_BEGINS = frozenset(
    {"", ";", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", ")", "FOR", "DATA", "SQL", "DETERMINISTIC"}
)
_SERVER_KINDS = frozenset({"DATABASE", "SCHEMA", "USER", "ROLE", "SERVER", "TABLESPACE", "LOGFILE"})
_FILLERS = frozenset({"OR", "REPLACE", "IF", "NOT", "EXISTS"})
_ENGINES_ELSEWHERE = frozenset({"federated", "federatedx", "connect", "spider", "s3", "oqgraph"})
# Words before the name of a table, routine or other object of a database.
_BEFORE_OBJECT = frozenset(
    {
        *("FROM", "JOIN", "STRAIGHT_JOIN", "INTO", "UPDATE", "TABLE", "TABLES", "EXISTS", "REFERENCES", "VIEW"),
        *("TRIGGER", "FUNCTION", "PROCEDURE", "EVENT", "SEQUENCE", "TO", "CALL", "IGNORE", "LOW_PRIORITY", "DELAYED"),
        *("QUICK", "REPLACE", "INSERT", "DELETE", "HANDLER", "DESCRIBE", "EXPLAIN", "TRUNCATE", "RENAME", "FOLLOWS"),
        *("PRECEDES", "PACKAGE", "BODY"),
    }
)
_ONLY_ROWS = re.compile(r"(?:INSERT|REPLACE|UPDATE|DELETE)\s", re.IGNORECASE)
_NOT_SKIPPED = re.compile(r"""['"`#]|--|/\*""")
_WORD = re.compile(r"[A-Za-z]+")
# https://mariadb.com/kb/en/mariadb-command-line-client/#mariadb-commands
_CLIENT_COMMANDS = frozenset(
    {
        *("charset", "clear", "connect", "delimiter", "edit", "ego", "exit", "go", "nopager", "notee", "nowarning"),
        *("pager", "print", "prompt", "quit", "rehash", "sandbox", "source", "status", "system", "tee", "warnings"),
    }
)
_VERSION = re.compile(r"(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)")
_DYNAMIC_HINT = "write the statement itself, or run it in the server's own shell"

_OBJECTS = """
SELECT table_name FROM information_schema.tables WHERE table_schema = '{0}'
UNION SELECT routine_name FROM information_schema.routines WHERE routine_schema = '{0}'
UNION SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = '{0}'
UNION SELECT event_name FROM information_schema.events WHERE event_schema = '{0}'
"""


class MariadbBounds:
    """The rules for one script on one connection; ``ask`` queries the connection."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        (self._current, version) = ask("SELECT DATABASE(), VERSION()")[0]
        found = _VERSION.match(str(version))
        self._version = int("{}{:02}{:02}".format(*map(int, found.groups()))) if found else 0
        names = {str(row[0]) for row in ask("SHOW DATABASES")} - {self._current}
        self._others = {name.lower(): name for name in names if name.lower() != "information_schema"}
        self._objects: dict[str, frozenset[str]] = {}
        self._procedures_compute = False
        self._modes = BackslashModes()

    def check(self, statement: str) -> None:
        """Raise OutOfBounds for a statement that reaches beyond the database."""
        refuse_shell_command(statement, "\\", "mariadb")
        _refuse_named_command(statement)
        tokenization = self._tokenization(statement)
        if tokenization.unterminated is None:
            code = TokenList(list(self._executed(tokenization.code, statement)))
            _refuse_command_inside(code)
            self._check(code)
        self._modes.note(statement)

    def _tokenization(self, statement: str) -> Tokenization:
        """The tokens as the session reads them: the script can change whether a backslash escapes."""
        escaping, *plain = tokenizations(statement, (syntax_of("mariadb"),))
        if plain and not self._modes.are_known and _differ(escaping, plain[0]):
            raise OutOfBounds(*syntax_of("mariadb").backslash_hint)
        return plain[0] if plain and self._modes.plain_backslashes else escaping

    def verify(self, statement: str | None) -> None:
        """Raise OutOfBounds if the statement has changed the connection's current database."""
        if statement is not None and not _ONLY_ROWS.match(statement):
            ((current,),) = self._ask("SELECT DATABASE()")
            if current != self._current:
                raise OutOfBounds("the statement changes the current database")

    def _check(self, code: TokenList) -> None:
        place = 0
        while code.words[place : place + 2] == ["SET", "STATEMENT"] and (following := _first_for(code, place)):
            place = following
        if place:
            self._check_statement(code.part(place, len(code)))
        self._check_statement(code)

    def _check_statement(self, code: TokenList) -> None:
        refuse_control(code)
        if code.word(0) in _REFUSED_VERBS:
            raise OutOfBounds(f"{code.phrase(0, 2)} cannot be in a script")
        for part in code.statements():
            altering = [word for word in part.words[:4] if word not in ("ONLINE", "IGNORE")][:2] == ["ALTER", "TABLE"]
            for i in range(len(part)):
                _check_phrase(part, i, altering)
            _check_settings(part)
        self._check_dynamic(code)
        self._check_names(code)

    def _check_dynamic(self, code: TokenList) -> None:
        """Refuse SQL that is computed while the script runs.

        A procedure may contain it if the script does not call procedures.
        """
        computes = any(_prepares(code, i) for i in range(len(code.words)))
        creates = code.word(0) == "CREATE"
        if computes and (not creates or "EVENT" in code.words):
            raise OutOfBounds("PREPARE or EXECUTE of a computed statement", _DYNAMIC_HINT)
        if self._procedures_compute and not creates and "CALL" in code.words:
            raise OutOfBounds("CALL, in a script whose procedures compute statements", _DYNAMIC_HINT)
        self._procedures_compute |= computes

    def _check_names(self, code: TokenList) -> None:
        bound: frozenset[str] | None = None
        rows = frozenset({"new", "old"}) if "TRIGGER" in code.words else frozenset()
        for i, database, name in _qualified(code):
            other = self._others.get(database)
            if other is None or database in rows:
                continue
            place = i + 1
            certain = code.word(i - 1) in _BEFORE_OBJECT or code.word(place + 2) in ("(", ".")
            bound = _bound(code) if bound is None else bound
            if certain or database not in bound or name in self._objects_of(other):
                displayed = f"{code.phrase(0, 2)} … " if i > 2 else code.phrase(0, i) + " "
                raise OutOfBounds(f"{displayed}{database}.{name}: {other} is another database")

    def _objects_of(self, database: str) -> frozenset[str]:
        if database not in self._objects:
            rows = self._ask(_OBJECTS.format(database.replace("'", "''")))
            self._objects[database] = frozenset(str(row[0]).lower() for row in rows)
        return self._objects[database]

    def _executed(self, tokens: Sequence[Token], statement: str) -> Iterator[Token]:
        """The tokens that this server executes: also those inside executable comments, whose marks are left out."""
        skipped_to = 0
        for token in tokens:
            if token.start < skipped_to:
                continue
            mark = token.kind == OPERATOR and token.text.startswith("/*")
            if mark and not self._executes(token.text):
                end = statement.find("*/", token.start)
                skipped_to = end + 2 if end >= 0 else len(statement)
                # A skipped comment could begin a string or comment that continues after it.
                if _NOT_SKIPPED.search(statement, token.start + 2, skipped_to):
                    raise OutOfBounds("a quote or comment in a comment for another version", "remove the comment")
            elif not mark and token.text != "*/":
                yield token

    def _executes(self, mark: str) -> bool:
        digits = mark.lstrip("/*M!")
        if len(digits) < 5:
            return True
        number = int(digits)
        # MariaDB skips these comments: MySQL 5.7 and newer have syntax that MariaDB does not know.
        for_mysql = not mark.startswith("/*M") and 50_700 <= number <= 99_999
        return not for_mysql and number <= self._version


def _differ(one: Tokenization, other: Tokenization) -> bool:
    texts = ([(token.kind, token.text) for token in each.code] for each in (one, other))
    return (one.unterminated is None) is not (other.unterminated is None) or next(texts) != next(texts)


def _refuse_named_command(statement: str) -> None:
    word = _WORD.match(statement)
    if word and word[0].lower() in _CLIENT_COMMANDS:
        raise OutOfBounds(
            f"{word[0]} is a command of mariadb, not SQL", "run the script with mariadb, or remove the line"
        )


def _refuse_command_inside(code: TokenList) -> None:
    for i in code.at.get("\\", ()):
        if code.word(i + 1) != "N":  # \N is NULL
            name = code.tokens[i + 1].text if i + 1 < len(code) else ""
            raise OutOfBounds(f"\\{name} is a command of mariadb, not SQL", "end the statement with ;")


def _first_for(code: TokenList, start: int) -> int:
    """The position after the first FOR from ``start`` on; 0 if there is none."""
    return next((i + 1 for i in range(start, len(code.words)) if code.words[i] == "FOR"), 0)


def _check_phrase(code: TokenList, i: int, altering: bool) -> None:
    word, following = code.word(i), code.word(i + 1)
    if word in _NEVER or following in _NEVER_BEFORE.get(word, ()):
        raise OutOfBounds(f"{code.phrase(i, 2)} reaches beyond the database")
    if word in ("SHUTDOWN", "USE", "BINLOG") and code.word(i - 1) in _BEGINS and following != "=":
        raise OutOfBounds(f"{code.phrase(i, 2)} reaches beyond the database")
    # In ALTER TABLE, the next word may be the name of a column.
    if word in ("CREATE", "ALTER", "DROP", "RENAME") and not (altering and i > 0):
        kind = code.word(code.after(i, _FILLERS))
        if kind in _SERVER_KINDS:
            raise OutOfBounds(f"{word} {kind} changes the server, not the database")
    if code.name(i) == "load_file" and following == "(":
        raise OutOfBounds("LOAD_FILE() reads a file of the server")
    if word == "ENGINE":
        _check_engine(code, i)


def _check_engine(code: TokenList, i: int) -> None:
    place = i + 2 if code.word(i + 1) == "=" else i + 1
    name = code.name(place) or code.word(place).strip("'").lower()
    if name in _ENGINES_ELSEWHERE:
        raise OutOfBounds(f"ENGINE {name} keeps its rows outside of the database")


def _check_settings(code: TokenList) -> None:
    start = code.words.index("SET") if "SET" in code.words else len(code.words)
    for i in range(start + 1, len(code.words)):
        word, before, following = code.word(i), code.word(i - 1), code.word(i + 1)
        if before not in ("SET", ","):
            continue
        assigns = following in ("=", ":=") or (following == "." and code.word(i + 3) in ("=", ":="))
        if (word == "GLOBAL" and following != "=") or (word.startswith("@@GLOBAL") and assigns):
            raise OutOfBounds("SET GLOBAL changes the whole server")
        if before == "SET" and code.word(i - 2) in _BEGINS:
            if word == "PASSWORD" and following in ("FOR", "="):
                raise OutOfBounds("SET PASSWORD changes a user of the server")
            if word == "DEFAULT" and following == "ROLE":
                raise OutOfBounds("SET DEFAULT ROLE changes a user of the server")


def _prepares(code: TokenList, i: int) -> bool:
    word, following = code.word(i), code.word(i + 1)
    if word == "EXECUTE":
        return following == "IMMEDIATE" or code.word(i - 1) in _BEGINS
    return word == "PREPARE" and code.word(i + 2) == "FROM"


def _qualified(code: TokenList) -> Iterator[tuple[int, str, str]]:
    """Each ``a.b`` that does not follow a point: the position of ``a``, and both names in lower case."""
    for i, token in enumerate(code.tokens[:-1]):
        first = code.name(i) or (token.text.lower() if token.kind == NUMBER else None)
        if first is None or code.word(i - 1) == "." or first.startswith("@"):
            continue
        following = code.tokens[i + 1]
        if following.text == "." and i + 2 < len(code.tokens):
            second = code.name(i + 2) or code.tokens[i + 2].text.lower()
            yield i, first, second
        elif following.kind == NUMBER and following.text.startswith(".") and token.kind in (WORD, QUOTED):
            yield i, first, following.text[1:].lower()


def _bound(code: TokenList) -> frozenset[str]:
    """The names that also occur without a point before or after them: these are tables and aliases."""
    return frozenset(
        name
        for i in range(len(code.words))
        if (name := code.name(i)) is not None and code.word(i + 1) != "." and code.word(i - 1) != "."
    )
