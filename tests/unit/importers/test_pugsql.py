"""PugSQL's own format; test_sources.py tests what the tools have in common."""

from __future__ import annotations

from pathlib import Path

from pydb.importers.pugsql import import_pugsql


def test_documentation_and_more_dashes(tmp_path: Path) -> None:
    """A header may begin with more than two dashes, and ``:doc`` lines are documentation."""
    file = tmp_path / "q.sql"
    file.write_text("--- :name a :one\n-- :doc First,\n-- :doc second.\nselect 1\n")
    [made] = import_pugsql(file)
    assert made.statements[0].doc == ("First,", "second.")


def test_a_name_put_in_at_run_time_is_left(tmp_path: Path) -> None:
    """A parameter cannot replace the name of a table."""
    file = tmp_path / "q.sql"
    file.write_text("-- :name a :many\nSELECT 1 FROM {{ t }};\n")
    [made] = import_pugsql(file)
    assert made.statements[0].reason.startswith("{{ t }} is a name inserted at run time")


def test_a_file_without_names_is_left(tmp_path: Path) -> None:
    """The text is written as a comment."""
    file = tmp_path / "q.sql"
    file.write_text("select 1\n")
    [made] = import_pugsql(file)
    assert [(one.name, one.reason) for one in made.statements] == [("q", "it has no name")]
