"""What a statement does that its transaction does not undo: the tokens of one statement in.

Out: the words for what it writes outside of the database, which a read-only transaction does not refuse; or the
SqlFileError about what it would leave in the session, where the next user of the pooled connection would find it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydb.sqlfile.tokens import QUOTED, STRING, WORD, TokenList

_READING_PRAGMAS = frozenset({"table_info", "table_xinfo", "table_list", "index_info", "index_xinfo", "index_list"})
_READING_PRAGMAS |= {"foreign_key_list", "foreign_key_check", "integrity_check", "quick_check"}
# Those that work on the file, and one that ends with the transaction.
_PASSING_PRAGMAS = frozenset({"user_version", "application_id", "schema_version", "defer_foreign_keys"})
_PASSING_PRAGMAS |= {"optimize", "wal_checkpoint", "incremental_vacuum", "shrink_memory"}

_AT_CONNECT = "do it in a listener to the engine's connect event"
_DRIVER_PREPARES = "write the statement itself: the driver prepares it"
_IS_RESET = "leave it out: Database resets a session before its next use"
_UTF8 = "leave it out: Database speaks utf8mb4"
_NOT_HERE = "leave it to a DBA, outside of the application"

# By engine, the first word or two of what lasts, with a hint.
_VERBS = {
    "sqlite": {"PRAGMA": _AT_CONNECT, "ATTACH": _AT_CONNECT, "DETACH": _AT_CONNECT},
    "postgresql": {
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
    },
    "mariadb": {
        "SET": "write SET STATEMENT … FOR SELECT …",
        "SET LOCAL": "on MariaDB it is SET SESSION: write an overlay for postgresql",
        "SET ROLE": "connect as a user whose default role it is",
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
    },
}
_NAMED = {"SET", "RESET", "UPDATE", "FLUSH"}
"""The verbs that an error shows with the word after them."""

_FUNCTIONS = {
    "sqlite": {"LOAD_EXTENSION": _AT_CONNECT},
    "postgresql": {
        "SET_CONFIG": "write set_config(…, …, true)",
        "PG_ADVISORY_LOCK": "call pg_advisory_xact_lock()",
        "PG_ADVISORY_LOCK_SHARED": "call pg_advisory_xact_lock_shared()",
        "PG_TRY_ADVISORY_LOCK": "call pg_try_advisory_xact_lock()",
        "PG_TRY_ADVISORY_LOCK_SHARED": "call pg_try_advisory_xact_lock_shared()",
        "DBLINK_CONNECT": "give dblink() the connection string itself",
        "DBLINK_CONNECT_U": "give dblink() the connection string itself",
    },
    "mariadb": {"GET_LOCK": "lock a row: SELECT … FOR UPDATE"},
}
_OUTSIDE = {"LO_EXPORT", "PG_FILE_WRITE", "PG_FILE_UNLINK", "PG_FILE_RENAME", "DBLINK_EXEC"}
_OF_EXTENSIONS = ("DBLINK", "PG_FILE")
_DEFINED = {"FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "VIEW", "RULE", "PACKAGE"}
_RUN_AT_ONCE = {"TABLE", "MATERIALIZED"}
_LOCK = re.compile(r"\bpg_(?:try_)?advisory_lock", re.IGNORECASE)


def _spellings(name: str) -> Iterator[str]:
    """The name as a word, and in each engine's quotes."""
    yield name
    for quoted in (name.lower(), name):
        yield from (f'"{quoted}"', f"`{quoted}`")


_SPELLED = {
    spelled: name for names in (*_FUNCTIONS.values(), _OUTSIDE) for name in names for spelled in _spellings(name)
}
_CALLED = frozenset(_SPELLED)
# A statement without any of these has no side effect: for most, one look is enough.
_FIRST = frozenset(word for verbs in _VERBS.values() for word in verbs if word != "UPDATE") | {"COPY"}
_SETTINGS = frozenset({"PG_SETTINGS", '"pg_settings"'})
_SIGNS = _CALLED | _SETTINGS | {"OUTFILE", "DUMPFILE"}


def pragma_lasts(name: str) -> bool:
    """Whether ``PRAGMA name = …`` sets something in SQLite's connection: https://sqlite.org/pragma.html."""
    return name.lower() not in _READING_PRAGMAS and name.lower() not in _PASSING_PRAGMAS


def side_effect(code: TokenList, verb: str, engines: tuple[str, ...]) -> str:
    """What the statement writes outside of the database; an empty text when nothing is known.

    Raises SqlFileError about what stays in the session when the transaction is over.
    """
    if verb not in _FIRST and _SIGNS.isdisjoint(code.at) and "@" not in code.site.text:
        return ""
    if verb == "CREATE" and _is_definition(code):
        return ""
    for engine in engines:
        hints = _VERBS[engine]
        if verb in hints:
            start = next(i for i in code.at[verb] if code.kind(i) == WORD)
            if what := _lasting(code, start, verb, engine):
                raise _error(code, start, what, _hint(hints, verb, code.word(start + 1)))
    calls = list(_calls(code))
    local = set(_are_local(code, calls))
    for name, i in calls:
        for engine in engines:
            if i not in local and (hint := _FUNCTIONS[engine].get(name)):
                raise _error(code, i, f"{name.lower()}()", hint)
    if "mariadb" in engines:
        for i in _user_variables(code, verb):
            raise _error(code, i, code.tokens[i].text, "select the value as a column, or pass it as a parameter")
    return _outside(code, verb, engines, {name for name, _ in calls})


def _is_definition(code: TokenList) -> bool:
    """Whether a CREATE has a body or a query that does not run yet."""
    kind = next((word for word in code.words[1:9] if word in _DEFINED or word in _RUN_AT_ONCE), None)
    return kind in _DEFINED


def _outside(code: TokenList, verb: str, engines: tuple[str, ...], called: set[str]) -> str:
    if "mariadb" in engines:
        for i in code.at.get("INTO", ()):
            if code.word(i + 1) in ("OUTFILE", "DUMPFILE"):
                return f"INTO {code.word(i + 1)} writes a file on the server"
    if "postgresql" in engines:
        if verb == "COPY" and any(code.word(i + 1) != "STDOUT" for i in code.top("TO")):
            return "COPY … TO writes a file, or runs a program, on the server"
        for name in sorted(called & _OUTSIDE):
            return f"{name.lower()}() writes outside of the database"
    return ""


def _lasting(code: TokenList, start: int, verb: str, engine: str) -> str:
    """The words of a statement with one of the verbs that lasts; an empty text for one that does not."""
    second = code.word(start + 1)
    if verb == "PRAGMA":
        name = start + 3 if code.word(start + 2) == "." else start + 1
        plain = code.tokens[name].text.strip("\"'`[]") if name < len(code.tokens) else ""
        return f"PRAGMA {plain}" if code.word(name + 1) in ("=", "(") and pragma_lasts(plain) else ""
    if verb == "DECLARE":
        return "WITH HOLD" if any(code.word(i - 1) == "WITH" for i in code.at.get("HOLD", ())) else ""
    if verb == "DO":
        body = next((token.text for token in code.tokens if token.kind == STRING), "")
        return f"{found[0].lower()}()" if (found := _LOCK.search(body)) else ""
    passes = {
        "SET": second in (("LOCAL", "TRANSACTION", "CONSTRAINTS") if engine == "postgresql" else ("STATEMENT",)),
        "UPDATE": _SETTINGS.isdisjoint(code.words[start + 1 : start + 5]),
        "FLUSH": "LOCK" not in code.at and "EXPORT" not in code.at,
    }
    if passes.get(verb):
        return ""
    if verb not in _NAMED or code.kind(start + 1) not in (WORD, QUOTED):
        return verb
    is_pair = f"{verb} {second}" in _VERBS[engine]
    return f"{verb} {second if is_pair else code.tokens[start + 1].text}"


def _hint(hints: dict[str, str], verb: str, second: str) -> str:
    if verb == "SET" and second.startswith("@") and not second.startswith("@@"):
        return "pass the value as a parameter"
    return hints.get(f"{verb} {second}") or hints[verb]


def _calls(code: TokenList) -> Iterator[tuple[str, int]]:
    """The calls of functions that are watched: their names and positions."""
    for spelled in _CALLED.intersection(code.at):
        name = _SPELLED[spelled]
        for i in code.at[spelled]:
            # In another schema it is another function; those of an extension may be in any.
            is_other = code.word(i - 1) == "." and code.word(i - 2) not in ("PG_CATALOG", '"pg_catalog"')
            if code.word(i + 1) == "(" and (not is_other or name.startswith(_OF_EXTENSIONS)):
                yield name, i


def _are_local(code: TokenList, calls: list[tuple[str, int]]) -> Iterator[int]:
    """The positions of the calls of ``set_config(…)`` whose third argument is ``true``."""
    for i in (i for name, i in calls if name == "SET_CONFIG"):
        arguments = [code.words[item.start : min(item.stop, item.start + 4)] for item in code.items(i + 1) or ()]
        named = {words[0]: words[2:] for words in arguments if words[1:2] in (["=>"], [":="])}
        if named.get("IS_LOCAL") == ["TRUE"] or arguments[2:3] == [["TRUE"]]:
            yield i


def _user_variables(code: TokenList, verb: str) -> Iterator[int]:
    """Where one of MariaDB's user variables is set."""
    is_given = verb in ("CALL", "LOAD")
    if not (is_given or ":=" in code.at or "INTO" in code.at):
        return
    is_listed = False
    for i, word in enumerate(code.words):
        is_variable = word.startswith("@") and not word.startswith("@@") and code.kind(i) == WORD
        if is_variable and (is_given or is_listed or code.word(i + 1) == ":="):
            yield i
        is_listed = word == "INTO" or (is_listed and (is_variable or word == ","))


def _error(code: TokenList, i: int, what: str, hint: str) -> Exception:
    return code.error(i, f"{what} does not end with the transaction", hint)
