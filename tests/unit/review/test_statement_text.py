"""The text of a statement in its file."""

from pathlib import Path

from pydb.review.statement_text import statement_text
from tests.harness.reviews import definitions

ONE = """\
-- name: one :many
-- All of it.
-- @param a int
SELECT a -- the key
FROM t
WHERE a = :a;"""

PAGE = """\
-- name: page :many
SELECT a
FROM t
WHERE TRUE
ORDER BY
    a -- if :order = up
    -- a DESC -- if :order = down
;"""

LIMITED = """\
-- name: limited :many
SELECT a
FROM t
ORDER BY a
LIMIT 10; -- if not :all
-- LIMIT 1000; -- if :all"""


def test_header_documentation_and_sql(tmp_path: Path) -> None:
    """The text has all lines of the statement, and none of other statements."""
    found = definitions(tmp_path, f"-- The file.\n\n{ONE}\n\n\n-- About page.\n{PAGE}\n")
    assert [statement_text(item.forms["sqlite"]) for item in found] == [ONE, PAGE]


def test_an_overlay_s_own_header(tmp_path: Path) -> None:
    """The form of one engine has the text of its own file."""
    other = "-- name: one :many\nSELECT a FROM t WHERE a = CAST(:a AS integer);"
    (found,) = definitions(tmp_path, f"{ONE}\n", postgresql=f"-- Other forms.\n\n{other}\n")
    assert statement_text(found.forms["postgresql"]) == other
    assert statement_text(found.forms["mariadb"]) == ONE
