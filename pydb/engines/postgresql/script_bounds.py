"""Keep a script within the connected database on PostgreSQL: each statement in; nothing, or OutOfBounds, out.

A script may change nothing that the whole cluster shares.  The bodies of functions and of DO are checked too.  If a
body runs strings as SQL, its strings are checked as well.  A change that passes all checks is found afterwards: it
changes the catalogues that all databases share, within the transaction of the script, so that it can be rolled back.

Sources: the manual's list of SQL commands, and its chapters "System Administration Functions", "Large Objects" and
"System Catalogs" (those with "shared across all databases of a cluster").
"""

from __future__ import annotations

import re
from collections import defaultdict

from pydb.engines.script_bounds import Ask, OutOfBounds, refuse_control, refuse_shell_command
from pydb.sqlfile.lexer import tokenizations
from pydb.sqlfile.syntax import syntax_of
from pydb.sqlfile.tokens import QUOTED, STRING, WORD, TokenList

__all__ = ["PostgresqlBounds"]

_RUNS_CODE = frozenset({"DO", "SELECT", "CALL", "WITH", "VALUES", "TABLE", "EXPLAIN", "INSERT", "UPDATE", "DELETE"})
"""Verbs of statements that can call functions, and so can do more than their text shows."""

_REFUSED_VERBS = frozenset(
    {
        *("CHECKPOINT", "CLOSE", "DEALLOCATE", "DECLARE", "DISCARD", "EXECUTE", "FETCH", "IMPORT", "LISTEN", "LOAD"),
        *("MOVE", "PREPARE", "REASSIGN", "UNLISTEN"),
    }
)
_SHARED_KINDS = frozenset({"DATABASE", "ROLE", "USER", "GROUP", "TABLESPACE", "SUBSCRIPTION", "SYSTEM"})
_FOREIGN_KINDS = frozenset({"SERVER", "FOREIGN"})
_FILLERS = frozenset({"OR", "REPLACE", "IF", "EXISTS", "NOT", "TRUSTED", "PROCEDURAL"})
# A CREATE of one of these names a function but does not call it.
_NAMES_FUNCTION = frozenset({"AGGREGATE", "OPERATOR", "CAST", "TYPE", "LANGUAGE", "CONVERSION", "TRANSFORM", "TEXT"})
_CATALOGUE = re.compile(r"pg_(?!temp)\w+")
_FUNCTIONS = re.compile(
    r"lo_import|lo_export|pg_read_file|pg_read_binary_file|pg_ls_\w+|pg_logdir_ls|pg_stat_file|pg_file_\w+"
    r"|pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_rotate_logfile\w*|pg_promote|pg_switch_wal"
    r"|pg_create_restore_point|pg_(?:backup_)?(?:start|stop)(?:_backup)?|pg_\w*replication_(?:slot|origin)\w*"
    r"|pg_logical_\w+|pg_log_\w+|pg_wal_replay_\w+|pg_stat_reset\w*|pg_stat_statements_reset|pg_sync_replication_slots"
    r"|be_lo_import|be_lo_export|dblink\w*|binary_upgrade_\w+"
)
_RUNS_TEXT = re.compile(r"query_to_xml\w*|ts_stat|ts_rewrite")
_EXTENSIONS = re.compile(r"dblink|adminpack|\w*_fdw|pg_cron|pg_net|http|pg_background|pgagent|\w+u")
_LANGUAGES = re.compile(r"c|internal|\w+u")
_BEFORE_COLUMN = frozenset({".", ",", "(", "SELECT", "WHERE", "AND", "OR", "NOT", "BY", "SET", "="})
_WRITES_TABLE = frozenset({"INTO", "UPDATE", "FROM", "TRUNCATE", "TABLE", "ONLY"})

# GRANT changes rows of these catalogues, but releases the lock of the catalogue before the transaction ends.
_GRANTED = ("pg_database", "pg_tablespace")
# Not pg_shdepend: it changes with every new table.
_CHANGES = """
SELECT (
    SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks AS l
    INNER JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
    WHERE l.pid = pg_catalog.pg_backend_pid() AND l.database = 0 AND l.mode = 'RowExclusiveLock'
        AND c.relkind = 'r' AND c.relname <> 'pg_shdepend'
)""" + "".join(
    f"""
+ (
    SELECT pg_catalog.count(*) FROM pg_catalog.{name} AS d
    INNER JOIN pg_catalog.pg_locks AS l ON l.transactionid = d.xmin
    WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'transactionid'
)"""
    for name in _GRANTED
)
"""A query for the number of changes that the transaction has made in catalogues that all databases share."""

_POWERFUL = (
    "SELECT count(*) FROM pg_roles WHERE pg_has_role(current_user, oid, 'USAGE') AND (rolsuper OR rolname IN"
    " ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files'))"
)
_ONLY_ROWS = re.compile(r"(?:INSERT|UPDATE|DELETE|SET|COMMENT)\s", re.IGNORECASE)
_MAX_UNSEEN = 200
_COMPUTED = "{} runs SQL that it computes, with the rights of a superuser"
_COMPUTED_HINT = "EXECUTE a string or format('…', …), or connect as a user who is not a superuser"


class PostgresqlBounds:
    """The rules for one script; ``ask`` queries the connection."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._powerful = bool(ask(_POWERFUL)[0][0])
        self._unseen = 0
        self._mentioning: dict[str, set[str]] = defaultdict(set)  # by each name, the routines whose bodies mention it
        self._computing: dict[str, str] = {}  # by each routine that reaches one that computes SQL, that one
        self._triggers_compute = False

    def check(self, statement: str) -> None:
        """Raise OutOfBounds for a statement that reaches beyond the database."""
        refuse_shell_command(statement, "\\", "psql")
        code = _read(statement)
        if code is None:  # the server refuses a string that never ends
            return
        # PostgreSQL runs all statements that are sent as one text, so each of them must be allowed.
        for number, part in enumerate(code.statements()):
            if number == 0 or part.words != ["END"]:
                refuse_control(part)
            _check_verb(part)
        _check_phrases(code)
        if code.word(0) == "DO" or _creates_routine(code):
            self._check_bodies(code)
        elif code.word(0) in ("SELECT", "WITH", "CALL", "EXPLAIN", "VALUES"):
            _check_texts(_strings(code))  # a function can run its argument as SQL
        if self._powerful and code.word(0) in _RUNS_CODE:
            self._check_calls(code)

    def verify(self, statement: str | None) -> None:
        """Raise OutOfBounds if the transaction has changed something that the whole cluster shares."""
        self._unseen += 1
        # The check is a query, so it runs only once for the many INSERTs of a seed script.
        if statement is not None and self._unseen < _MAX_UNSEEN and _ONLY_ROWS.match(statement):
            return
        self._unseen = 0
        if self._ask(_CHANGES)[0][0]:
            raise OutOfBounds("the script changes what all databases of the server share")

    def _check_bodies(self, code: TokenList) -> None:
        language = _language(code)
        if _LANGUAGES.fullmatch(language):
            hint = "create it as a superuser in the server's own shell, or as an extension"
            raise OutOfBounds(f"LANGUAGE {language} in a script: its code can do anything on the server", hint)
        mentions, computes = set(_names(code)), False
        for body in filter(None, map(_read, _strings(code))):
            _check_phrases(body)
            mentions |= _names(body)
            if _runs_text(body) or language not in ("sql", "plpgsql"):
                _check_texts(_strings(body))
                computes = computes or language not in ("sql", "plpgsql") or not _runs_known_text(body)
        if code.word(0) != "DO":
            self._remember(code, mentions, computes)
        elif computes and self._powerful:
            raise OutOfBounds(_COMPUTED.format("DO"), _COMPUTED_HINT)

    def _remember(self, code: TokenList, mentions: set[str], computes: bool) -> None:
        bracket = code.words.index("(") if "(" in code.words else len(code.words)
        name = code.name(bracket - 1) or ""
        for mentioned in mentions:
            self._mentioning[mentioned].add(name)
        # A routine that reaches one that computes SQL counts as one that computes SQL, so each is visited once.
        known = [name] if computes else [self._computing[each] for each in mentions if each in self._computing]
        left = [name] if known else []
        while left:
            routine = left.pop()
            if routine not in self._computing:
                self._computing[routine] = known[0]
                left += self._mentioning.get(routine, ())
        if computes:
            self._triggers_compute |= "TRIGGER" in code.words or "EVENT_TRIGGER" in code.words

    def _check_calls(self, code: TokenList) -> None:
        """Refuse a statement that reaches a routine that computes SQL: that SQL cannot be checked beforehand."""
        if self._triggers_compute and code.word(0) in ("INSERT", "UPDATE", "DELETE", "WITH"):
            raise OutOfBounds(_COMPUTED.format("a trigger"), _COMPUTED_HINT)
        if self._computing and (found := sorted(self._computing.keys() & _names(code))):
            raise OutOfBounds(_COMPUTED.format(f"{self._computing[found[0]]}()"), _COMPUTED_HINT)


def _read(text: str) -> TokenList | None:
    tokenization = tokenizations(text, (syntax_of("postgresql"),))[0]
    return None if tokenization.unterminated else TokenList(tokenization.code)


def _names(code: TokenList) -> frozenset[str]:
    return frozenset(name for i in range(len(code.words)) if (name := code.name(i)) is not None)


def _check_verb(code: TokenList) -> None:
    verb = code.word(0)
    if verb == "COPY":
        rows_follow = any(code.words[i : i + 2] == ["FROM", "STDIN"] for i in range(len(code)))
        what = "COPY … FROM STDIN in a script: the rows after it are not SQL" if rows_follow else "COPY in a script"
        hint = "write INSERT (pg_dump --inserts does), or load the file with psql"
        raise OutOfBounds(what, hint if rows_follow else "write INSERT, or load the file with psql's \\copy")
    if verb in _REFUSED_VERBS:
        raise OutOfBounds(f"{code.phrase(0, 2)} cannot be in a script")


def _creates_routine(code: TokenList) -> bool:
    return code.word(0) == "CREATE" and code.word(code.after(0, _FILLERS)) in ("FUNCTION", "PROCEDURE")


def _language(code: TokenList) -> str:
    """The language of a body; without LANGUAGE it is PL/pgSQL for DO, and SQL for BEGIN ATOMIC and RETURN."""
    place = code.words.index("LANGUAGE") + 1 if "LANGUAGE" in code.words else len(code.words)
    if place < len(code.words) and code.tokens[place].kind == STRING:
        return _unquoted(code.tokens[place].text).lower()
    return code.name(place) or "plpgsql"


def _strings(code: TokenList) -> list[str]:
    """The values of the string literals."""
    return [_unquoted(token.text) for token in code.tokens if token.kind == STRING]


def _unquoted(literal: str) -> str:
    if literal.startswith("$"):
        mark = literal[: literal.index("$", 1) + 1]
        return literal[len(mark) : -len(mark)]
    start = literal.index("'") + 1
    text = literal[start:-1].replace("''", "'")
    return _ESCAPE.sub(_escaped, text) if start > 1 else text


_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)


def _escaped(found: re.Match[str]) -> str:
    octal, *hexadecimal, plain = found.groups()
    if plain is not None:
        return str(plain)
    number = int(octal, 8) if octal else int(next(digits for digits in hexadecimal if digits), 16)
    return chr(number) if number <= 0x10FFFF else " "


def _check_texts(texts: list[str]) -> None:
    """Check texts that may be run: each alone, and all joined, as in ``'CREATE R' || 'OLE …'``."""
    for text in (*texts, "".join(texts), " ".join(texts)):
        code = _read(text)
        if code is not None:
            _check_phrases(code)


def _runs_text(body: TokenList) -> bool:
    return "EXECUTE" in body.words or any(_RUNS_TEXT.fullmatch(body.name(i) or "") for i in range(len(body.words)))


def _runs_known_text(body: TokenList) -> bool:
    """Whether every EXECUTE runs a string literal, or ``format()`` of one."""
    for i, word in enumerate(body.words):
        if word == "EXECUTE":
            known = i + 3 if (body.word(i + 1), body.word(i + 2)) == ("FORMAT", "(") else i + 1
            if not (known < len(body.tokens) and body.tokens[known].kind == STRING and body.word(known + 1) != "||"):
                return False
    return not any(_RUNS_TEXT.fullmatch(body.name(i) or "") for i in range(len(body.words)))


def _check_phrases(code: TokenList) -> None:
    """Raise OutOfBounds for what is refused everywhere, also in a body."""
    for part in code.statements():
        altering = part.word(0) == "ALTER" and part.word(1) in ("TABLE", "FOREIGN", "TYPE", "VIEW")
        naming = part.word(0) == "CREATE" and part.word(part.after(0, _FILLERS)) in _NAMES_FUNCTION
        for i, word in enumerate(part.words):
            if word in ("CREATE", "ALTER", "DROP") and not (altering and i > 0):
                _check_object(part, i)
            elif word in _CHECKS:
                _CHECKS[word](part, i)
            elif (naming or part.word(i + 1) == "(") and _FUNCTIONS.fullmatch(part.name(i) or ""):
                raise OutOfBounds(f"{word}() reaches beyond the database")
            elif _CATALOGUE.fullmatch(part.name(i) or ""):
                _check_catalogue(part, i)
            elif part.tokens[i].kind == STRING and part.word(0) == "CREATE" and _names_internal(part, i):
                raise OutOfBounds("an internal function under another name")
            elif word == "U" and part.word(i + 1) == "&" and i + 2 < len(part.tokens):
                _check_unicode_escapes(part, i)


def _check_object(code: TokenList, i: int) -> None:
    place = code.after(i, _FILLERS)
    kind = code.word(place)
    displayed = f"{code.word(i)} {kind}"
    if kind == "USER" and code.word(place + 1) == "MAPPING":
        raise OutOfBounds(f"{displayed} MAPPING reaches another server")
    if kind in _SHARED_KINDS:
        raise OutOfBounds(f"{displayed} changes what all databases of the server share")
    if kind in _FOREIGN_KINDS and code.word(i) != "DROP":
        raise OutOfBounds(f"{displayed} reaches another server")
    if kind == "OWNED":
        raise OutOfBounds("DROP OWNED changes what all databases of the server share")
    name = code.name(code.after(place, _FILLERS)) or ""
    if kind == "EXTENSION" and code.word(i) != "DROP" and _EXTENSIONS.fullmatch(name):
        raise OutOfBounds(f"the extension {name} reaches beyond the database", "create it in psql, in each database")
    if kind == "LANGUAGE" and code.word(i) == "CREATE" and _LANGUAGES.fullmatch(name):
        raise OutOfBounds(f"the language {name} can do anything on the server", "create it in psql, in each database")


def _check_grant(code: TokenList, i: int) -> None:
    # Not the word GRANT in WITH GRANT OPTION and REVOKE GRANT OPTION FOR, and not a column named revoke.
    if code.word(i + 1) == "OPTION" or code.word(i - 1) in _BEFORE_COLUMN:
        return
    verb = code.word(i)
    end = next((j for j in range(i + 1, len(code.words)) if code.words[j] in ("TO", "FROM", verb)), None)
    if end is None or code.words[end] == verb:
        return
    on = next((j for j in range(i, end) if code.words[j] == "ON"), None)
    if on is None:
        raise OutOfBounds(f"{code.word(i)} of a role changes what all databases of the server share")
    if code.word(on + 1) in ("DATABASE", "TABLESPACE", "PARAMETER"):
        raise OutOfBounds(f"{code.word(i)} ON {code.word(on + 1)} changes what all databases of the server share")


def _check_described(code: TokenList, i: int) -> None:
    on = next((j for j in range(i + 1, i + 4) if code.word(j) == "ON"), i)
    if code.word(on + 1) in _SHARED_KINDS:
        raise OutOfBounds(f"{code.word(i)} ON {code.word(on + 1)} changes what all databases of the server share")


def _check_copy(code: TokenList, i: int) -> None:
    for j in range(i + 1, len(code.words) - 1):
        if code.word(j) == "COPY":
            return
        reaches = code.word(j + 1) == "PROGRAM" or code.tokens[j + 1].kind == STRING
        if code.word(j) in ("TO", "FROM") and reaches:
            raise OutOfBounds("COPY to or from a file or program of the server")


def _check_reassign(code: TokenList, i: int) -> None:
    if code.word(i + 1) == "OWNED":
        raise OutOfBounds("REASSIGN OWNED changes what all databases of the server share")


def _check_import(code: TokenList, i: int) -> None:
    if code.word(i + 1) == "FOREIGN":
        raise OutOfBounds("IMPORT FOREIGN SCHEMA reaches another server")


def _check_strings_setting(code: TokenList, i: int) -> None:
    if not any(word.strip("'").upper() in ("ON", "TRUE", "1", "YES") for word in code.words[i + 1 : i + 4]):
        raise OutOfBounds(
            "standard_conforming_strings must stay on: it decides where a string ends",
            "leave the setting out",
        )


def _check_load(code: TokenList, i: int) -> None:
    if i + 1 < len(code.tokens) and code.tokens[i + 1].kind == STRING:
        raise OutOfBounds("LOAD loads code from a file of the server")


_CHECKS = {
    "GRANT": _check_grant,
    "REVOKE": _check_grant,
    "COMMENT": _check_described,
    "LABEL": _check_described,
    "COPY": _check_copy,
    "REASSIGN": _check_reassign,
    "IMPORT": _check_import,
    "LOAD": _check_load,
    "STANDARD_CONFORMING_STRINGS": _check_strings_setting,
    "'standard_conforming_strings'": _check_strings_setting,
}


def _check_catalogue(code: TokenList, i: int) -> None:
    before = i - 1 if code.word(i - 1) != "." else i - 3
    deletes = code.word(before) == "FROM" and code.word(before - 1) == "DELETE"
    writes = code.word(before) in ("INTO", "UPDATE", "TRUNCATE", "ONLY") or deletes
    if writes or (code.word(0) in ("ALTER", "DROP", "TRUNCATE") and code.word(before) in _WRITES_TABLE):
        raise OutOfBounds(f"{code.name(i)} is a system catalogue", "use ALTER, CREATE and DROP instead")


def _names_internal(code: TokenList, i: int) -> bool:
    return code.word(i - 1) == "AS" and bool(_FUNCTIONS.fullmatch(_unquoted(code.tokens[i].text).strip()))


def _check_unicode_escapes(code: TokenList, i: int) -> None:
    """Refuse a name or body with Unicode escapes: its text hides what it means."""
    adjacent = code.tokens[i].kind == WORD and code.tokens[i + 2].start == code.tokens[i].start + 2
    body = code.tokens[i + 2].kind == STRING and (code.word(0) == "DO" or _creates_routine(code))
    if adjacent and (body or code.tokens[i + 2].kind == QUOTED):
        raise OutOfBounds("a name or body with Unicode escapes, U&…", "write the characters as they are")
