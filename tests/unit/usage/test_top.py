"""Measured queries are assigned to the statements of a file."""

from __future__ import annotations

from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.usage.statistics import Measured, Statistics, statistics_of
from pydb.usage.top import Top, TopLine, top

FILE = """\
-- name: by_id :maybe
SELECT a FROM t WHERE id = :id;

-- name: of_id :many
SELECT a
FROM t
WHERE id = :other;

-- name: page :many
SELECT a FROM t
WHERE
    TRUE
    AND b = :b -- if :b
ORDER BY a;
"""


def definitions() -> list[Definition]:
    """The statements of the file."""
    return [definition_of({None: parsed}) for parsed in parse_file(FILE, "sql/t.sql", "t", None)]


def found(*queries: Measured) -> Top:
    """The lines for these queries."""
    return top(definitions(), "mariadb", statistics_of("mariadb"), Statistics("a test", None, queries))


def by_text(sql: str, *, calls: int = 1, cut: bool = False) -> Measured:
    """A query without a comment, whose calls took one second each and returned two rows."""
    return Measured(None, statistics_of("mariadb").normal(sql), calls, float(calls), 2 * calls, cut)


def test_by_name() -> None:
    """A name in the comment determines the variant, and queries with the same name are added."""
    assert found(Measured("t.page[b]", "", 2, 0.5, 3), Measured("t.page[b]", "", 1, 0.25, 0)).lines == (
        TopLine(("t.page[b]",), ("sql/t.sql:10",), 3, 0.75, 3),
    )


def test_by_text() -> None:
    """Without a name the text determines the variant, and the longest total is first."""
    short, long = "SELECT a FROM t WHERE TRUE ORDER BY a", "select a from t where true and b = 7 order by a"
    lines = found(by_text(short), by_text(long, calls=2)).lines
    assert [(line.names, line.calls, line.seconds, line.rows) for line in lines] == [
        (("t.page[b]",), 2, 2.0, 4),
        (("t.page",), 1, 1.0, 2),
    ]


def test_what_cannot_be_told_apart() -> None:
    """Two statements with equal text are one line with both names and places, by name and by text."""
    (line,) = found(by_text("SELECT a FROM t WHERE id = 1"), Measured("t.of_id", "", 1, 1.0, 1)).lines
    assert line == TopLine(("t.by_id", "t.of_id"), ("sql/t.sql:2", "sql/t.sql:5"), 2, 2.0, 3)


def test_a_text_that_is_cut() -> None:
    """The beginning of a text belongs to each statement that begins with it; a whole text to one only."""
    (line,) = found(by_text("SELECT a FROM t WHERE", cut=True)).lines
    assert line.names == ("t.by_id", "t.of_id", "t.page", "t.page[b]")
    assert found(by_text("SELECT a FROM t WHERE")).lines == ()


def test_what_is_not_pydb_s() -> None:
    """Queries of other programs are counted and added."""
    others = found(by_text("SELECT 1"), by_text("SELECT a FROM u", calls=3))
    assert others == Top((), 2, 4, 4.0)


def test_a_name_that_is_not_here() -> None:
    """A name of another program is kept without a place; a variant of another version has its statement's place."""
    lines = found(Measured("old.gone", "", 1, 2.0, 1), Measured("t.page[gone]", "", 1, 1.0, 1)).lines
    assert [(line.names, line.places) for line in lines] == [
        (("old.gone",), ()),
        (("t.page[gone]",), ("sql/t.sql:10",)),
    ]
