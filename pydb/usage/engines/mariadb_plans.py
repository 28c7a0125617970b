"""Make plans on MariaDB: a session and a described statement in; EXPLAIN's table, without numbers of rows, out.

The server's optimizer reads rows: if a table is empty, a look-up by its key is an ``Impossible WHERE``.  So rows are
inserted into the scratch database first, and the parameters have the values of one of them.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pymysql

from pydb.describe import DescribedParameter, DescribedStatement
from pydb.describe.catalogue import ColumnFacts, TableFacts
from pydb.describe.orphans import created
from pydb.describe.session import Refused
from pydb.errors import PydbError
from pydb.sqlfile.definition import Placeholder
from pydb.sqlfile.rendering import render
from pydb.sqlfile.type_words import word_stored_as
from pydb.usage.plans import EnginePlans

__all__ = ["MariadbPlans", "with_values"]

ROWS = 1000
"""The number of rows in each table: if there are few rows, the optimizer reads all of them and uses no index."""

LEFT_OUT = ("possible_keys", "rows", "filtered")
"""The columns that are left out of a plan: possible indexes, and estimates."""

_DAYS = "'2000-01-01' + INTERVAL n.i - 1 DAY"
_UUID = "'00000000-0000-4000-8000-{:012x}'"
_NUMBERS = "bit tinyint smallint mediumint int bigint decimal float double"
_TEXTS = "char varchar tinytext text mediumtext longtext json binary varbinary tinyblob blob mediumblob longblob"
_COLUMNS = {
    **dict.fromkeys(_NUMBERS.split(), "n.i"),
    **dict.fromkeys(_TEXTS.split(), "IF(n.i = 1, 'x', CONCAT('x', n.i))"),
    **dict.fromkeys(("date", "datetime", "timestamp"), _DAYS),
    "time": "SEC_TO_TIME(n.i - 1)",
    "year": "2000 + n.i % 100",
    "uuid": "CONCAT('00000000-0000-4000-8000-', LPAD(HEX(n.i), 12, '0'))",
    "inet4": "CONCAT('10.0.', n.i DIV 256, '.', n.i % 256)",
    "inet6": "CONCAT('::', HEX(n.i))",
    "enum": "1 + (n.i - 1) % 2",
    "set": "1",
}
"""The value of a column in row ``n.i``, by its type's first word; other columns keep their defaults."""

_DAY = ("'2000-01-01 00:00:00'", "'2000-01-02 00:00:00'")
_TIME = ("'00:00:00'", "'00:00:01'")
_VALUES = {
    "Decimal": ("1.0", "2.0"),
    "float": ("1.0e0", "2.0e0"),
    "str": ("'x'", "'x2'"),
    "json": ("'x'", "'x2'"),
    "bytes": ("_binary X'78'", "_binary X'7832'"),
    "UUID": (_UUID.format(1), _UUID.format(2)),
    **dict.fromkeys(("date", "datetime", "AwareDatetime"), _DAY),
    **dict.fromkeys(("time", "timedelta"), _TIME),
}
"""The values of rows 1 and 2 for a parameter, by its type word."""

_OWN_VALUES = {"inet4": ("'10.0.0.1'", "'10.0.0.2'"), "inet6": ("'::1'", "'::2'")}
"""The values of rows 1 and 2 for types of this engine that have no type word."""

_MEMBER = re.compile(r"'(?:[^']|'')*'")

_ROW_NUMBERS = f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})"


class MariadbPlans(EnginePlans):
    """Plans of calls with the values of existing rows."""

    def fill(self, session: Any) -> None:
        """Replace the rows of each table by ``ROWS`` rows, without checking its constraints."""
        ((database, mode),) = session.ask("SELECT DATABASE(), @@sql_mode")
        if created(database) is None:
            raise PydbError(
                f"{database} is not a scratch database",
                hint="plans need rows, and pydb adds rows only to scratch databases",
            )
        tables = [table for table in session.catalogue.tables.values() if not table.is_view and not table.special]
        session.ask("SET sql_mode = '', foreign_key_checks = 0, check_constraint_checks = 0")
        for table in tables:
            # A trigger may refuse its rows; the plans of that table are then those of an empty one.
            with suppress(pymysql.Error):
                session.ask(f"DELETE FROM {_quoted(table.name)}")
                session.ask(_filled(table))
        session.ask(f"SET sql_mode = '{mode}', foreign_key_checks = 1, check_constraint_checks = 1")
        if tables:
            session.ask(f"ANALYZE TABLE {', '.join(_quoted(table.name) for table in tables)}")

    def plan(self, session: Any, described: DescribedStatement) -> str:
        try:
            with session.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {with_values(described)}")
                names = [column[0] for column in cursor.description]
                rows = cursor.fetchall()
        except pymysql.Error as error:
            raise Refused(str(error.args[-1])) from None
        ((database,),) = session.ask("SELECT DATABASE()")
        return _table(names, rows, f"{database}.")


def with_values(described: DescribedStatement) -> str:
    """The text with the values of a row instead of its parameters."""

    def spelled(placeholder: Placeholder) -> str:
        first, second = _values(described.parameters[placeholder.name])
        return f"({first}, {second})" if placeholder.sequence else first

    return render(described.form.parts, spelled)


def _values(parameter: DescribedParameter) -> tuple[str, str]:
    """The values of a parameter in rows 1 and 2, as literals."""
    type_ = parameter.types[0] if parameter.types else ""
    if members := _MEMBER.findall(type_):
        return members[0], members[-1]
    return _OWN_VALUES.get(type_) or _VALUES.get(word_stored_as(parameter.word or ""), ("1", "2"))


def _filled(table: TableFacts) -> str:
    """The INSERT of a table's rows; rows with a duplicate key are left out."""
    values = {
        column.name: value
        for column in table.columns.values()
        if not column.generated and (value := _COLUMNS.get(_first_word(column))) is not None
    }
    names = ", ".join(map(_quoted, values))
    chosen = ", ".join(values.values()) if values else "1"
    return f"INSERT IGNORE INTO {_quoted(table.name)} ({names}) {_ROW_NUMBERS} SELECT {chosen} FROM n"


def _first_word(column: ColumnFacts) -> str:
    return column.type.partition("(")[0].partition(" ")[0]


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def _table(names: list[str], rows: Any, database: str) -> str:
    """The columns below their names, aligned; column names do not have the name of the database."""
    shown = [place for place, name in enumerate(names) if name not in LEFT_OUT]
    lines = [
        [names[place] for place in shown],
        *(["NULL" if row[place] is None else str(row[place]).replace(database, "") for place in shown] for row in rows),
    ]
    widths = [max(len(line[place]) for line in lines) for place in range(len(shown))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
