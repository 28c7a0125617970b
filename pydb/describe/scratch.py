"""Open the database in which statements are described: a schema script in, a Session in its own database out.

On SQLite this is a database in memory.  On a server it is a new database, which is dropped at the end, also after an
error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydb.describe.analysis.expansion import without_expansion
from pydb.describe.session import Refused, Session, sessions_of
from pydb.engines import default_engine, engine_of_dialect
from pydb.engines.script_bounds import checked, run_checked
from pydb.errors import SqlFileError
from pydb.sqlfile.loader import file_text
from pydb.sqlfile.script import statements as statements_of

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

__all__ = ["existing", "scratch"]


@contextmanager
def scratch(url: URL | None, schema: str) -> Iterator[Session]:
    """A session in a new database with that schema: in memory without a URL, else on the server of the URL.

    Raises SqlFileError if the engine refuses the schema, PydbError if no database can be created.
    """
    engine = default_engine() if url is None else engine_of_dialect(url.get_backend_name())
    with sessions_of(engine).scratch(url) as session:
        _apply(session, schema)
        yield session


@contextmanager
def existing(url: URL) -> Iterator[Session]:
    """A session in the database that a URL names; the session only reads."""
    session = sessions_of(engine_of_dialect(url.get_backend_name())).existing(url)
    try:
        yield session
    finally:
        session.close()


def _apply(session: Session, schema: str) -> None:
    bounds = session.script_bounds()
    text = file_text(schema)
    found = without_expansion(statements_of(text, session.engine), session.engine, schema)
    statements = checked(found, bounds, schema)
    try:
        with session.script() as execute:
            run_checked(statements, bounds, schema, execute)
    except Refused as refused:
        line = refused.offset or 1
        message = f"{session.product} refuses the schema: {refused.message}"
        raise SqlFileError(message, file=schema, line=line, source=text.split("\n", line)[line - 1]) from None
