"""Projects of other tools: what is imported is loaded, checked and called on a real database."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pydb.sqlfile.loader import read
from tests.harness.projects import Project, project_in

pytestmark = pytest.mark.deep

SOURCES = Path(__file__).parent / "importers"
SCHEMA = SOURCES / "schema.sql"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """An empty folder with the schema."""
    with project_in(tmp_path, monkeypatch, capsys, "") as project:
        shutil.copy(SCHEMA, tmp_path / "schema.sql")
        yield project


@pytest.mark.parametrize(
    ("tool", "source", "imported", "left"),
    [
        ("aiosql", "aiosql", 38, 4),
        ("pugsql", "pugsql", 38, 2),
        ("python", "program.txt", 40, 1),
    ],
)
def test_what_is_imported_is_proven_and_called(here: Project, tool: str, source: str, imported: int, left: int) -> None:
    """Each statement is loaded, checked against the schema, and called on rows that find mistakes."""
    path = SOURCES / source
    if not path.is_dir():
        # It would be formatted with the other programs of this project.
        here.write({"shop.py": path.read_text()})
        path = here.folder / "shop.py"
    done = here.pydb("import", tool, str(path), "--to", "sql", "--schema", "schema.sql")
    assert done.code == 0, done.err
    assert f"{imported} statements imported" in done.err + done.out
    assert f"{left} stand as comments" in done.err + done.out
    assert len(read("sql")) == imported
    checked = here.pydb("check", "--sql", "sql", "--schema", "schema.sql")
    assert checked.code == 0, checked.out + checked.err
    assert f"proven {imported} on SQLite" in checked.out + checked.err
    called = here.pydb("prove", "--sql", "sql", "--schema", "schema.sql", "--rows", "5")
    # Pages of rows whose order is not total are the source's own.
    assert {line.split(" ")[1] for line in called.out.splitlines() if line.startswith("sql/")} <= {"P301"}
    assert f"{imported} statements, " in called.out + called.err


def test_a_project_of_sqlc(here: Project, empty_urls: dict[str, str]) -> None:
    """Its queries are PostgreSQL's, and its schema is written beside them."""
    done = here.pydb("import", "sqlc", str(SOURCES / "sqlc"), "--to", "sql")
    assert done.code == 0, done.err
    assert "41 statements imported" in done.err + done.out
    assert "DROP TABLE" not in here.read("sql/postgresql/schema.sql")
    checked = here.pydb("check", "--sql", "sql", "--schema", "schema.sql", "--db", empty_urls["postgresql"])
    output = re.sub(r"\x1b\[[0-9;]*m", "", checked.out + checked.err)
    assert "41 on PostgreSQL" in output, output
    definitions = {definition.name: definition for definition in read("sql")}
    assert set(definitions["authors.filter_authors"].optional) == {"name", "born"}
    assert definitions["books.with_author"].nesting is not None
