"""Lint of statements with optional lines, whose marks sqlfluff does not know."""

from __future__ import annotations

from pathlib import Path

from pydb.lint import lint
from pydb.lint.optional_lines import is_marked, variant_violations
from pydb.sqlfile.parser import parse_file

SEARCH = """\
-- name: search :many
SELECT id
FROM posts
WHERE
    TRUE
    AND status = :status -- if :status
ORDER BY
    id DESC -- if :order = newest
    -- id -- if :order = oldest
;
"""


def linted(tmp_path: Path, text: str) -> list[tuple[str, int, str | None]]:
    """Code, line and hint of the findings in one file."""
    file = tmp_path / "posts.sql"
    file.write_text(text, encoding="utf-8")
    return [(finding.code, finding.line, finding.hint) for finding in lint(str(file), {}).findings]


def test_the_lines_with_marks() -> None:
    """The lines are given by their numbers in the file."""
    (parsed,) = parse_file(SEARCH, "t.sql", "t", None)
    assert [number for number in range(1, 12) if is_marked(parsed.form, number)] == [6, 8, 9]


def test_a_semicolon_on_a_line_of_its_own(tmp_path: Path) -> None:
    """It must be there below a marked line; elsewhere sqlfluff's rule applies."""
    assert linted(tmp_path, SEARCH) == []
    group = SEARCH.replace(SEARCH[SEARCH.index("    AND") :], "    AND ( -- if :a\n        id = :a\n    )\n;\n")
    assert linted(tmp_path, group) == []
    apart = SEARCH[: SEARCH.index("ORDER BY")] + "ORDER BY id\n;\n"
    assert [(code, line) for code, line, _ in linted(tmp_path, apart)] == [("CV06", 7)]


def test_a_star_in_an_alternative(tmp_path: Path) -> None:
    """pydb's own rules are applied to a line that is a comment in the file too."""
    text = "-- name: x :many\nSELECT\n    id -- if :what = one\n    -- posts.* -- if :what = every\nFROM posts;\n"
    assert [(code, line) for code, line, _ in linted(tmp_path, text)] == [("DB02", 4)]
    (parsed,) = parse_file(text, "t.sql", "t", None)
    assert [(code, line) for code, line, _ in variant_violations(parsed, None)] == [("DB02", 4)]


def test_a_star_is_reported_once(tmp_path: Path) -> None:
    """A finding in the text as written is not repeated for its variants."""
    text = "-- name: x :many\nSELECT *\nFROM posts\nWHERE\n    TRUE\n    AND status = :status -- if :status\n;\n"
    assert [(code, line) for code, line, _ in linted(tmp_path, text)] == [("DB02", 2)]


def test_a_marked_line_that_is_too_long(tmp_path: Path) -> None:
    """The line is reported before a formatter moves its mark to another line."""
    long = f"    AND status = :status AND title <> '{'x' * 90}' -- if :status\n"
    text = SEARCH.replace("    AND status = :status -- if :status\n", long)
    assert linted(tmp_path, text) == [
        ("LT05", 6, "break the line by hand: a formatter would move its mark to a line of its own")
    ]


def test_a_mark_on_a_line_of_its_own(tmp_path: Path) -> None:
    """A mark that a formatter has moved to its own line is refused."""
    text = SEARCH.replace("    AND status = :status -- if :status\n", "    -- if :status\n    AND status = :status\n")
    assert [(code, line) for code, line, _ in linted(tmp_path, text)] == [("DB01", 6)]


def test_a_limit_and_an_offset(tmp_path: Path) -> None:
    """Each of them has its own line if it is optional, although sqlfluff would indent it."""
    pages = SEARCH[: SEARCH.index("ORDER BY")] + "ORDER BY id\nLIMIT :n -- if :n\nOFFSET :m -- if :n and :m\n;\n"
    assert linted(tmp_path, pages) == []
    fixed = pages.replace(" -- if :n and :m\n", "").replace(" -- if :n\n", "\n")
    assert {code for code, _, _ in linted(tmp_path, fixed)} == {"LT02"}
