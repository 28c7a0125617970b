"""SQLite's sizes, and the indexes of constraints."""

from pydb.site.engines.sqlite_site import SqliteSite
from tests.harness.described import opened

SITE = SqliteSite("sqlite")


def test_sizes() -> None:
    """Rows are counted, whatever the name of the table, and the size includes its indexes."""
    with opened(
        'CREATE TABLE "a ""b" (x integer)', 'INSERT INTO "a ""b" VALUES (1), (2)', 'CREATE INDEX i ON "a ""b" (x)'
    ) as session:
        (size,) = SITE.sizes(session).values()
        page = session.ask("PRAGMA page_size")[0][0]
    assert (size.rows, size.size, size.estimated) == (2, 2 * page, False)


def test_automatic_indexes() -> None:
    """The index of a constraint is found by its table and columns, except an index with its own name."""
    with opened("CREATE TABLE t (a integer, b integer, UNIQUE (b, a))", "CREATE INDEX i ON t (a)") as session:
        assert SITE.automatic_indexes(session) == {"sqlite_autoindex_t_1": ("t", frozenset({"a", "b"}))}
