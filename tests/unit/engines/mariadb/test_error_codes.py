"""The meaning of an exception of PyMySQL, by its number and, if it has no value, by its message."""

from __future__ import annotations

import pymysql
import pytest

from pydb import errors
from pydb.engines.mariadb.error_codes import _BY_NUMBER, classify

FOREIGN = (
    "Cannot add or update a child row: a foreign key constraint fails (`app`.`posts`, CONSTRAINT `author` "
    "FOREIGN KEY (`user_id`) REFERENCES `users` (`id`))"
)


CODES = {
    errors.UniqueViolation: "1062 1169 1586",
    errors.ForeignKeyViolation: "1216 1217 1451 1452",
    errors.NotNullViolation: "1048 1364",
    errors.CheckViolation: "4025",
    errors.SerializationFailure: "1020 1412 1615 3101 1402",
    errors.Deadlock: "1213 1614 3058",
    errors.Busy: "1205 1613 1637 1689 3572",
    errors.StatementTimeout: "1317 1969 3024",
    errors.OperationalError: "1021 1037 1038 1041 1114 1153 1206 1207 1226",
    errors.Disconnected: (
        "1040 1042 1043 1047 1053 1077 1079 1080 1135 1152 1155 1156 1157 1158 1159 1160 1161 1180 1181 1184 "
        "1203 1836 1927 2001 2002 2003 2004 2005 2006 2012 2013 2027 2055 3168 3169 4031 "
    ),
}


def test_each_code() -> None:
    """Each code of the table has its class."""
    assert {int(code): kind for kind, codes in CODES.items() for code in codes.split()} == _BY_NUMBER


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (1062, errors.UniqueViolation),
        (1452, errors.ForeignKeyViolation),
        (1048, errors.NotNullViolation),
        (4025, errors.CheckViolation),
        (1213, errors.Deadlock),
        (1205, errors.Busy),
        (1020, errors.SerializationFailure),
        (1969, errors.StatementTimeout),
        (2013, errors.Disconnected),
        (1064, errors.ProgrammingError),
    ],
)
def test_classes(number: int, error: type[errors.DatabaseError]) -> None:
    """Each number has its class; other numbers have that of PEP 249."""
    kind = pymysql.err.ProgrammingError if number == 1064 else pymysql.err.OperationalError
    assert classify(kind(number, "message"), "SELECT 1").error is error


def test_what_a_constraint_violation_says() -> None:
    """Constraint, table and columns are taken from the message; a value in it is not shown."""
    foreign = classify(pymysql.err.IntegrityError(1452, FOREIGN), "INSERT INTO posts VALUES (1)")
    assert (foreign.constraint, foreign.table, foreign.columns) == ("author", "posts", ("user_id",))
    text = "Duplicate entry 'hunter2' for key 'users.name_key'"
    unique = classify(pymysql.err.IntegrityError(1062, text), "INSERT INTO users (name) VALUES (%s)")
    assert (unique.constraint, unique.table) == ("name_key", "users")
    assert unique.message == "duplicate entry for key name_key"


def test_a_message_that_may_hold_a_value_is_not_shown() -> None:
    """A name is shown if it is in the sent SQL."""
    text = "Unknown column 'hunter2' in 'SELECT'"
    hidden = classify(pymysql.err.OperationalError(1054, text), "SELECT %s")
    shown = classify(pymysql.err.OperationalError(1054, text), "SELECT hunter2 FROM t")
    assert hidden.message == "MariaDB refused the statement (error 1054)"
    assert ".orig" in (hidden.hint or "")
    assert shown.message == text


def test_a_socket_that_is_closed() -> None:
    """PyMySQL's InterfaceError(0, "") during a statement is a lost connection."""
    assert classify(pymysql.err.InterfaceError(0, ""), "SELECT 1").error is errors.Disconnected
