"""Read the sizes of SQLite's tables: a session in; numbers of rows, bytes, and the indexes of constraints, out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydb.describe.session import Session
from pydb.site.engine_site import EngineSite, TableSize

__all__ = ["SqliteSite"]

_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
_HAS_PAGES = "SELECT count(*) FROM pragma_module_list WHERE name = 'dbstat'"
_PAGES = """
SELECT s.tbl_name, sum(d.pgsize)
FROM sqlite_schema AS s
INNER JOIN dbstat('main', TRUE) AS d ON d.name = s.name
GROUP BY s.tbl_name
"""
_AUTOMATIC = """
SELECT t.name, i.name, c.name
FROM pragma_table_list AS t, pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c
WHERE t.schema = 'main' AND i.origin <> 'c'
"""


class SqliteSite(EngineSite):
    """The site's interface to SQLite.  Rows are counted.  Sizes are known if SQLite was built with dbstat."""

    key_lookup = re.compile(r"\bSEARCH (\S+) USING INTEGER PRIMARY KEY")

    def sizes(self, session: Session) -> Mapping[str, TableSize]:
        names = [str(row[0]) for row in session.ask(_TABLES)]
        has_pages = bool(session.ask(_HAS_PAGES)[0][0])
        pages = {str(name): int(size) for name, size in session.ask(_PAGES)} if has_pages else {}
        counted = {name: int(session.ask(f"SELECT count(*) FROM {_quoted(name)}")[0][0]) for name in names}
        return {name: TableSize(counted[name], pages.get(name)) for name in names}

    def automatic_indexes(self, session: Session) -> Mapping[str, tuple[str, frozenset[str]]]:
        columns: dict[str, set[str]] = {}
        tables: dict[str, str] = {}
        for table, index, column in session.ask(_AUTOMATIC):
            tables[str(index)] = str(table)
            columns.setdefault(str(index), set()).add(str(column).lower())
        return {name: (tables[name], frozenset(found)) for name, found in columns.items()}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
