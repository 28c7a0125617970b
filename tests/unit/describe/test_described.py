"""Places in a form: from the text that an engine got back to the file."""

from __future__ import annotations

from pydb.describe.described import parameter_places, place_of
from pydb.sqlfile.parser import parse_file

TEXT = """\
-- name: x :many
-- A comment.

SELECT a, :first
FROM t
WHERE b IN (
    :several
) AND c = :first;
"""


def test_places() -> None:
    """An offset in the sent SQL has its line and column in the file; without an offset, it is the first line."""
    (parsed,) = parse_file(TEXT, "t.sql", "t", None)
    form = parsed.form
    assert place_of(form, None) == (4, None)
    assert place_of(form, 0) == (4, 1)
    assert place_of(form, form.sql.index("FROM")) == (5, 1)


def test_places_of_parameters() -> None:
    """The place of a parameter is its first one; the brackets of a list do not count."""
    (parsed,) = parse_file(TEXT, "t.sql", "t", None)
    assert parameter_places(parsed.form)["first"] == (4, 11)
    assert set(parameter_places(parsed.form)) == {"first", "several"}
