"""Classify exceptions of PyMySQL by their numbers: an exception in, a Failure out.

Source: https://mariadb.com/kb/en/mariadb-error-code-reference/.
"""

from __future__ import annotations

import re
from typing import Any

from pydb import errors
from pydb.engines.base import NO_ENTRY, NO_SERVER, NO_TABLE, Failure, class_of
from pydb.engines.messages import holds_no_value, words_stand_in

_BY_NUMBER: dict[int, type[errors.DatabaseError]] = {
    1062: errors.UniqueViolation,
    1169: errors.UniqueViolation,
    1586: errors.UniqueViolation,
    1216: errors.ForeignKeyViolation,
    1217: errors.ForeignKeyViolation,
    1451: errors.ForeignKeyViolation,
    1452: errors.ForeignKeyViolation,
    1048: errors.NotNullViolation,
    1364: errors.NotNullViolation,
    4025: errors.CheckViolation,
    1020: errors.SerializationFailure,
    1412: errors.SerializationFailure,
    1615: errors.SerializationFailure,
    3101: errors.SerializationFailure,
    1402: errors.SerializationFailure,
    1213: errors.Deadlock,
    1614: errors.Deadlock,
    3058: errors.Deadlock,
    1205: errors.Busy,
    1613: errors.Busy,
    1637: errors.Busy,
    1689: errors.Busy,
    3572: errors.Busy,
    1317: errors.StatementTimeout,
    1969: errors.StatementTimeout,
    3024: errors.StatementTimeout,
    1021: errors.OperationalError,
    1037: errors.OperationalError,
    1038: errors.OperationalError,
    1041: errors.OperationalError,
    1114: errors.OperationalError,
    1153: errors.OperationalError,
    1206: errors.OperationalError,
    1207: errors.OperationalError,
    1226: errors.OperationalError,
    1040: errors.Disconnected,
    1042: errors.Disconnected,
    1043: errors.Disconnected,
    1047: errors.Disconnected,
    1053: errors.Disconnected,
    1077: errors.Disconnected,
    1079: errors.Disconnected,
    1080: errors.Disconnected,
    1135: errors.Disconnected,
    1152: errors.Disconnected,
    1155: errors.Disconnected,
    1156: errors.Disconnected,
    1157: errors.Disconnected,
    1158: errors.Disconnected,
    1159: errors.Disconnected,
    1160: errors.Disconnected,
    1161: errors.Disconnected,
    1180: errors.Disconnected,
    1181: errors.Disconnected,
    1184: errors.Disconnected,
    1203: errors.Disconnected,
    1836: errors.Disconnected,
    1927: errors.Disconnected,
    2001: errors.Disconnected,
    2002: errors.Disconnected,
    2003: errors.Disconnected,
    2004: errors.Disconnected,
    2005: errors.Disconnected,
    2006: errors.Disconnected,
    2012: errors.Disconnected,
    2013: errors.Disconnected,
    2027: errors.Disconnected,
    2055: errors.Disconnected,
    3168: errors.Disconnected,
    3169: errors.Disconnected,
    4031: errors.Disconnected,
}


_READ_ONLY_OPTION = 1290  # also the error of other options
REFUSALS = (_READ_ONLY_OPTION, 1836, 1047)
"""The errors of a server that is not the primary, or of a Galera node without a quorum."""

_USER_LIMIT = 1226  # a limit of connections, or of statements per hour
_PACKET = "raise max_allowed_packet, or send the value in parts"
_RETRY = "Database.run() repeats the transaction"


_HINTS = {
    1213: _RETRY,
    1205: _RETRY,
    1020: _RETRY,
    1153: _PACKET,
    1206: "raise innodb_buffer_pool_size, or change fewer rows in one transaction",
    1792: "write in a Database.begin() block",
    1146: NO_TABLE,
    1044: NO_ENTRY,
    1045: NO_ENTRY,
    1049: NO_ENTRY,
    2002: NO_SERVER,
    2003: NO_SERVER,
}


_FOREIGN_KEY = (
    r"a foreign key constraint fails \([`\"][^`\"]+[`\"]\.[`\"](?P<table>[^`\"]+)[`\"], "
    r"CONSTRAINT [`\"](?P<constraint>[^`\"]+)[`\"] FOREIGN KEY "
)


# The text of these messages is fixed, except for names; the groups are names, `\x60` is a backtick.
_PATTERNS: dict[int, str] = {
    1048: r"Column '(?P<columns>[^']+)' cannot be null",
    1364: r"Field '(?P<columns>[^']+)' doesn't have a default value",
    1142: r"[A-Z, ]+ command denied to user '[^']+'@'[^']+' for table `[^`]+`\.`(?P<table>[^`]+)`",
    1264: r"Out of range value for column '(?P<columns>[^']+)' at row \d+",
    1406: r"Data too long for column '(?P<columns>[^']+)' at row \d+",
    4025: r"CONSTRAINT `(?P<constraint>[^`]+)` failed for `[^`]+`\.`(?P<table>[^`]+)`",
    # The session's sql_mode decides how the names are quoted.
    1451: rf"Cannot delete or update a parent row: {_FOREIGN_KEY}\([^)]+\) "
    r"REFERENCES [`\"][^`\"]+[`\"] \((?P<columns>[^)]+)\).*",
    1452: rf"Cannot add or update a child row: {_FOREIGN_KEY}\((?P<columns>[^)]+)\).*",
}


_UNIQUE = re.compile(r".* for key '(?:[^'.]+\.)?(?P<constraint>[^']+)'", re.S)


_NAMES = re.compile(
    r"Unknown column '([^']+)' in '[^']+'|Table '(?:[^'.]+\.)?([^']+)' doesn't exist|FUNCTION (\S+) does not exist"
    r"|Table '([^']+)' already exists|Column '([^']+)' in \S+ \S+ is ambiguous"
)


# What other messages say, without the values that they contain.
_WORDS = {
    1064: "a syntax error",
    1052: "an ambiguous column",
    1265: "a value that its column would cut short",
    1292: "a value that is not of the wanted type",
    1305: "an unknown function",
    1365: "a division by zero",
    1366: "a value that is not of its column's type",
    1582: "a function with the wrong number of arguments",
    1644: "an error that a trigger or routine raised",
    1690: "a number out of range",
}


# Names that messages put in quotes although they may not be in the SQL: clauses, settings, and functions.
_KNOWN = frozenset(
    [
        "SELECT",
        "WHERE",
        "ON",
        "HAVING",
        "SET",
        "VALUES",
        "RETURNING",
        "max_allowed_packet",
        "max_user_connections",
        "max_connections",
    ]
)


_CONNECTING = (1044, 1045, 1049, 1129, 1130, 2002, 2003)


_TARGET = re.compile(
    r"\b(?:INSERT(?:\s+IGNORE)?\s+INTO|REPLACE\s+INTO|UPDATE)\s+(?:[`\"]?\w+[`\"]?\.)?[`\"]?(\w+)", re.I
)


def _class_of_number(number: int, text: str) -> type[errors.DatabaseError] | None:
    if number == _READ_ONLY_OPTION:
        return errors.Disconnected if "read-only" in text or "read_only" in text else errors.OperationalError
    if number == _USER_LIMIT and "max_user_connections" in text:
        return errors.Disconnected
    return _BY_NUMBER.get(number)


def is_lost(orig: BaseException, connection: Any) -> bool:
    """Whether the connection that raised this exception of the driver cannot be used any more."""
    number = orig.args[0] if orig.args and isinstance(orig.args[0], int) else 0
    text = str(orig.args[1]) if len(orig.args) > 1 else ""
    return _class_of_number(number, text) is errors.Disconnected


def _names_only(text: str, sql: str | None) -> bool:
    """Whether the message is about names that the SQL contains."""
    found = _NAMES.fullmatch(text)
    words = tuple(part for name in found.groups() if name for part in name.split(".")) if found else ()
    return found is not None and words_stand_in(words, sql)


def _target(sql: str | None) -> str | None:
    """The table that an INSERT, REPLACE or UPDATE changes, which messages do not name; None for other statements."""
    found = _TARGET.search(sql) if sql else None
    return found.group(1) if found else None


def classify(orig: BaseException, sql: str | None) -> Failure:
    """The meaning of a driver's exception.  ``sql`` is the text that was sent: a message may contain its words."""
    number = orig.args[0] if orig.args and isinstance(orig.args[0], int) else 0
    text = str(orig.args[1]) if len(orig.args) > 1 else ""
    kind = _class_of_number(number, text)
    if number == 0 and sql is not None and kind is None and class_of(orig) is errors.InterfaceError:
        kind = errors.Disconnected  # PyMySQL raises InterfaceError(0, "") if the socket is already closed
    found = re.fullmatch(_PATTERNS[number], text, re.S) if number in _PATTERNS else None
    if number in (1062, 1586) and (unique := _UNIQUE.fullmatch(text)):
        found, text = unique, f"duplicate entry for key {unique['constraint']}"
    names = found.groupdict() if found else {}
    displayed = found or (number in _CONNECTING and sql is None) or _names_only(text, sql)
    # The author of a routine has written the text of SIGNAL.
    displayed = displayed or (number not in (0, 1644) and holds_no_value(text, sql, _KNOWN))
    columns = tuple(column.strip(' `"') for column in (names.get("columns") or "").split(",") if column)
    return Failure(
        kind or class_of(orig),
        text if displayed else f"MariaDB refused {_WORDS.get(number, 'the statement')} (error {number})",
        constraint=names.get("constraint"),
        table=names.get("table") or _target(sql),
        columns=columns,
        hint=_HINTS.get(number) if displayed else "the driver's message is in .orig (it may contain parameter values)",
    )
