"""Lint of statements with optional lines: what sqlfluff, which knows no marks, sees wrongly or not at all."""

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
    """Code, line and hint of what is found in one file."""
    file = tmp_path / "posts.sql"
    file.write_text(text, encoding="utf-8")
    return [(finding.code, finding.line, finding.hint) for finding in lint(str(file), {}).findings]


def test_the_lines_with_marks() -> None:
    """By their numbers in the file."""
    (parsed,) = parse_file(SEARCH, "t.sql", "t", None)
    assert [number for number in range(1, 12) if is_marked(parsed.form, number)] == [6, 8, 9]


def test_a_semicolon_on_a_line_of_its_own(tmp_path: Path) -> None:
    """Under a marked line that is where it has to be; elsewhere sqlfluff's rule holds."""
    assert linted(tmp_path, SEARCH) == []
    group = SEARCH.replace(SEARCH[SEARCH.index("    AND") :], "    AND ( -- if :a\n        id = :a\n    )\n;\n")
    assert linted(tmp_path, group) == []
    apart = SEARCH[: SEARCH.index("ORDER BY")] + "ORDER BY id\n;\n"
    assert [(code, line) for code, line, _ in linted(tmp_path, apart)] == [("CV06", 7)]


def test_a_star_in_an_alternative(tmp_path: Path) -> None:
    """A line that is a comment in the file is looked at too, by pydb's own rules."""
    text = "-- name: x :many\nSELECT\n    id -- if :what = one\n    -- posts.* -- if :what = every\nFROM posts;\n"
    assert [(code, line) for code, line, _ in linted(tmp_path, text)] == [("DB02", 4)]
    (parsed,) = parse_file(text, "t.sql", "t", None)
    assert [(code, line) for code, line, _ in variant_violations(parsed, None)] == [("DB02", 4)]


def test_a_star_is_reported_once(tmp_path: Path) -> None:
    """What the text as written shows is not said again for its variants."""
    text = "-- name: x :many\nSELECT *\nFROM posts\nWHERE\n    TRUE\n    AND status = :status -- if :status\n;\n"
    assert [(code, line) for code, line, _ in linted(tmp_path, text)] == [("DB02", 2)]


def test_a_marked_line_that_is_too_long(tmp_path: Path) -> None:
    """It is reported before a formatter moves its mark away from it."""
    long = f"    AND status = :status AND title <> '{'x' * 90}' -- if :status\n"
    text = SEARCH.replace("    AND status = :status -- if :status\n", long)
    assert linted(tmp_path, text) == [
        ("LT05", 6, "break the line by hand: a formatter would move its mark to a line of its own")
    ]


def test_a_mark_on_a_line_of_its_own(tmp_path: Path) -> None:
    """What a formatter leaves of a line that was too long is refused."""
    text = SEARCH.replace("    AND status = :status -- if :status\n", "    -- if :status\n    AND status = :status\n")
    assert [(code, line) for code, line, _ in linted(tmp_path, text)] == [("DB01", 6)]


def test_a_limit_and_an_offset(tmp_path: Path) -> None:
    """Where each may go alone they have a line each, which sqlfluff would indent."""
    pages = SEARCH[: SEARCH.index("ORDER BY")] + "ORDER BY id\nLIMIT :n -- if :n\nOFFSET :m -- if :n and :m\n;\n"
    assert linted(tmp_path, pages) == []
    fixed = pages.replace(" -- if :n and :m\n", "").replace(" -- if :n\n", "\n")
    assert {code for code, _, _ in linted(tmp_path, fixed)} == {"LT02"}
