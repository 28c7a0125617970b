"""Marks, and similar comments that are refused."""

from __future__ import annotations

import pytest

from tests.harness.optional_lines import defined, labels, refusal

STATEMENT = """
SELECT id FROM t
WHERE
    TRUE
    AND a = :a{comment}
;
"""

MALFORMED = [
    (" -- if a", "write -- if :a"),
    (" -- if: a", "a mark is -- if :name"),
    (" -- If :a", "a mark is -- if :name"),
    (" -- IF :a", "a mark is -- if :name"),
    (" --  if :a", "a mark is -- if :name"),
    (" -- if  :a", "a mark is -- if :name"),
    (" -- if : a", "a mark is -- if :name"),
    (" -- when :a", "a mark is -- if :name"),
    (" -- unless :a", "a mark is -- if :name"),
    (" -- if :a or :b", "two lines"),
    (" -- if :a is not null", "write :name for a value that is passed and not None"),
    (" -- if :a != b", "list the allowed values"),
    (" -- if :a = B", "a mark is -- if :name"),
    (" -- if :a = true", "a mark is -- if :name"),
    (" -- if :a then the rest", "a mark is -- if :name"),
    (" -- if :a -- if :a", "a mark is -- if :name"),
    (" -- the reason -- if :a or :b", "two lines"),
    (" /* if :a */", "a mark is -- if :name"),
]


@pytest.mark.parametrize(("comment", "hint"), MALFORMED)
def test_what_looks_like_a_mark_and_is_none_is_refused(comment: str, hint: str) -> None:
    """A comment after SQL that was probably meant as a mark is refused, not ignored."""
    message = refusal(STATEMENT.format(comment=comment))
    assert message.startswith("5: t.x: this looks like a mark but is not one: ")
    assert hint in message.partition("hint: ")[2]


@pytest.mark.parametrize(
    "comment",
    [
        "",
        " -- the reason",
        " -- if only it were so",
        " -- see if this is right",
        " /* no mark */",
        " -- what if b is there",
    ],
)
def test_other_comments_are_comments(comment: str) -> None:
    """A comment without parameters may contain any text."""
    assert not defined(STATEMENT.format(comment=comment)).optional


@pytest.mark.parametrize("comment", [" -- if :a", " -- if :a  ", " -- if :a\r", " -- the reason -- if :a", "-- if :a"])
def test_a_mark_ends_a_comment(comment: str) -> None:
    """A mark may follow a reason, and white space and a carriage return may follow the mark."""
    assert labels(defined(STATEMENT.format(comment=comment))) == ["", "a"]


def test_a_hash_comment_is_no_mark_on_mariadb() -> None:
    """A mark needs two dashes, also on MariaDB."""
    assert "looks like a mark" in refusal(STATEMENT.format(comment=" # if :a"), engine="mariadb")


def test_a_mark_in_a_string_is_text() -> None:
    """Only comments contain marks."""
    assert not defined("SELECT id FROM t WHERE a = '-- if ' AND b = :a;").optional


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT id\nFROM t\n-- if :a\nWHERE a = :a;", "4: t.x: a mark is on a line of its own"),
        (
            "SELECT id\nFROM t\n-- WHERE a = :a -- if :a\nWHERE a = :a;",
            "4: t.x: a comment line ends in a mark, but no marked line is directly above it",
        ),
    ],
)
def test_a_mark_without_its_line_is_refused(sql: str, message: str) -> None:
    """A mark that a formatter has moved, or a disabled line, is refused, not ignored."""
    assert refusal(sql).startswith(message)


def test_a_mark_above_the_sql_is_refused() -> None:
    """The documentation contains no marks."""
    message = refusal("SELECT id FROM t WHERE a = :a;", notes="-- The rows.\n-- AND b -- if :a\n")
    assert message.startswith("3: t.x: a mark is above the SQL")


def test_a_line_that_is_switched_off_is_a_comment() -> None:
    """Two dashes before an alternative disable it."""
    assert labels(defined("SELECT id\nFROM t\nWHERE\n    TRUE\n    -- -- AND a = :a -- if :a\n;")) == [""]
