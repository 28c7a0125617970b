"""The text of a draft; integration tests have the results of drafts."""

from __future__ import annotations

import pytest

from pydb.describe.changes import Change
from pydb.errors import MigrationError
from pydb.migrations.draft import MigrationDraft, draft_file
from pydb.migrations.files import Migration


def test_what_is_refused_is_a_comment() -> None:
    """A statement that the database refuses is in the draft as a comment, with the reason."""
    made = MigrationDraft("")
    made.write(Change(("x",), "DROP TABLE t", "Rows\nare lost."), "sqlite", None)
    made.write(Change(("x",), "DROP TABLE\nu"), "sqlite", "no such\ntable")
    made.write(Change(("x",), "", "Only a note."), "sqlite", None)
    assert made.text == (
        "\n-- Rows\n-- are lost.\nDROP TABLE t;\n"
        "\n-- The database refuses this statement: no such table\n-- DROP TABLE\n-- u;\n"
        "\n-- Only a note.\n"
    )


def test_a_body_has_a_delimiter() -> None:
    """MariaDB's shell needs other delimiters around a body with semicolons."""
    made = MigrationDraft("")
    made.write(
        Change(("x",), "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET new.b = 1; END"), "mariadb", None
    )
    assert made.text.startswith("\nDELIMITER //\nCREATE TRIGGER")
    assert made.text.endswith("END//\nDELIMITER ;\n")


def test_the_next_number() -> None:
    """The number is the next one, with as many digits as the last one."""
    known = [Migration(7, "007_x", "", "sqlite")]
    assert str(draft_file("m", known, "add_y", None)) == "m/008_add_y.sql"
    assert str(draft_file("m", [], "first", "mariadb")) == "m/mariadb/0001_first.sql"
    with pytest.raises(MigrationError, match="cannot be the name of a migration"):
        draft_file("m", [], "../x", None)
