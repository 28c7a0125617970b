"""A review for a terminal."""

from pydb.review.as_text import review_text
from pydb.review.model import Review, SchemaChange, TextChange
from tests.unit.review.test_pages import CHANGED


def test_the_text() -> None:
    """The schema is first, then a page for each statement, and the closing line is last."""
    schema = SchemaChange("sqlite", "schema.sql", TextChange("a\nb", "a"))
    assert review_text(Review("main", ("SQLite 3",), (schema,), (CHANGED,))).splitlines() == [
        "schema: schema.sql, sqlite",
        "    @@ -1,2 +1 @@",
        "     a",
        "    -b",
        "",
        "t.x: changed, sql/t.sql:4",
        "  SQL",
        "     a",
        "    -b",
        "    +c",
        "  plan on SQLite 3, the same",
        "     SCAN t",
        "",
        "1 statement differs from main on SQLite 3: 1 changed",
    ]
