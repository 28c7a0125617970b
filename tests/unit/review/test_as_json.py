"""A review for a program."""

import json
from dataclasses import replace

from pydb.review.as_json import review_json
from pydb.review.model import Review, SchemaChange, TextChange
from pydb.usage.callers import Caller
from tests.unit.review.test_pages import CHANGED, UNSAFE


def test_the_document() -> None:
    """The document has the complete review, with the old and the new texts."""
    change = replace(CHANGED, unsafe=(UNSAFE,), callers=(Caller("app/x.py", 3, "f"),))
    schema = SchemaChange("sqlite", "schema.sql", TextChange("a", "b"))
    found = json.loads(review_json(Review("main", ("SQLite 3",), (schema,), (change,), ("x",))))
    (one,) = found.pop("changes")
    assert found == {
        "revision": "main",
        "products": ["SQLite 3"],
        "unchecked": ["x"],
        "safe": False,
        "schemas": [{"engine": "sqlite", "file": "schema.sql", "text": {"old": "a", "new": "b"}}],
    }
    assert (one["kind"], one["name"], one["old_name"]) == ("changed", "t.x", None)
    assert one["forms"] == [
        {
            "engines": ["sqlite", "mariadb"],
            "old_place": "sql/t.sql:1",
            "new_place": "sql/t.sql:4",
            "old": "a\nb",
            "new": "a\nc",
        }
    ]
    assert one["engines"][0]["plans"] == [{"variants": [""], "old": "SCAN t", "new": "SCAN t"}]
    assert one["callers"] == [{"file": "app/x.py", "line": 3, "function": "f"}]
    assert (one["unsafe"][0]["message"], one["notes"]) == ("column b is gone", [])


def test_what_a_terminal_would_obey() -> None:
    """Control characters are escapes in strings, with the same meaning."""
    text = review_json(Review("\x1b[31m", (), (), ()))
    assert "\x1b" not in text
    assert json.loads(text)["revision"] == "\x1b[31m"
