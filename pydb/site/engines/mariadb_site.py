"""Read the sizes of MariaDB's tables: a session in; estimated numbers of rows, and bytes with indexes, out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydb.describe.session import Session
from pydb.site.engine_site import EngineSite, TableSize

__all__ = ["MariadbSite"]

_SIZES = """
SELECT TABLE_NAME, TABLE_ROWS, DATA_LENGTH + INDEX_LENGTH
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = database() AND TABLE_TYPE = 'BASE TABLE'
"""


class MariadbSite(EngineSite):
    """The site's interface to MariaDB.  The numbers of rows are those of InnoDB's statistics."""

    lexer = "mysql"

    # Columns of EXPLAIN are at least two spaces apart: id, select_type, table, type, key.
    key_lookup = re.compile(r"^\d* *[A-Z][A-Z ]*?  +(\S+)  +\S+  +PRIMARY\b", re.MULTILINE)

    def sizes(self, session: Session) -> Mapping[str, TableSize]:
        return {
            str(name): TableSize(
                int(rows) if rows is not None else None, int(size) if size is not None else None, estimated=True
            )
            for name, rows, size in session.ask(_SIZES)
        }
