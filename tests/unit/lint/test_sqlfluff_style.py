"""SQL style by sqlfluff: the house style, and the project's own settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import PydbError
from pydb.lint.sqlfluff_style import Style, dialects_for


def test_dialects() -> None:
    """An engine's own files are read first in its dialect, and shared files in the dialect of most engines."""
    assert dialects_for("sqlite")[0] == "sqlite"
    assert dialects_for("mariadb")[0] == "mariadb"
    assert set(dialects_for(None)) == {"postgres", "sqlite", "mariadb"}


def test_the_house_style() -> None:
    """Keywords must be upper case; the place of a violation counts from 1."""
    (violation,) = Style().violations("SELECT a from t;\n", dialects_for("sqlite"))
    assert (violation.line, violation.column, violation.code) == (1, 10, "CP01")
    assert Style().violations("SELECT a FROM t;\n", dialects_for("sqlite")) == []


def test_a_project_may_choose(tmp_path: Path) -> None:
    """A project's configuration overrides the house style."""
    (tmp_path / "pyproject.toml").write_text('[tool.sqlfluff.core]\nexclude_rules = "CP01"\n')
    assert Style(tmp_path).violations("SELECT a from t;\n", dialects_for("sqlite")) == []


@pytest.mark.parametrize("text", ["[sqlfluff]\ntemplater = nowhere\n", "[sqlfluff]\n[", "rules = CP01\n"])
def test_a_configuration_that_is_wrong(tmp_path: Path, text: str) -> None:
    """The error has sqlfluff's reason."""
    (tmp_path / ".sqlfluff").write_text(text)
    with pytest.raises(PydbError, match="sqlfluff rejects its configuration"):
        Style(tmp_path).violations("SELECT 1;\n", dialects_for("sqlite"))


def test_another_dialect_may_read_it() -> None:
    """If one dialect cannot read the SQL, the next one is tried."""
    assert Style().violations("SELECT a FROM t WHERE b GLOB 'x*';\n", ("postgres", "sqlite")) == []
