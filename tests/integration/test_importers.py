"""Projects of other tools: imported statements are loaded, checked and called on a real database."""

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
        # Otherwise the formatter of this project would change it.
        here.write({"shop.py": path.read_text()})
        path = here.folder / "shop.py"
    done = here.pydb("import", tool, str(path), "--to", "sql", "--schema", "schema.sql")
    assert done.code == 0, done.err
    assert f"{imported} statements imported" in done.err + done.out
    assert f"{left} not imported (written as comments)" in done.err + done.out
    assert len(read("sql")) == imported
    checked = here.pydb("check", "--sql", "sql", "--schema", "schema.sql")
    assert checked.code == 0, checked.out + checked.err
    assert f"{imported} proven on SQLite" in checked.out + checked.err
    called = here.pydb("prove", "--sql", "sql", "--schema", "schema.sql", "--rows", "5")
    # Pages without a total order are in the imported project.
    assert {line.split(" ")[1] for line in called.out.splitlines() if line.startswith("sql/")} <= {"P301"}
    assert f"{imported} statements, " in called.out + called.err


def test_a_project_of_sqlc(here: Project, empty_urls: dict[str, str]) -> None:
    """The statements of the project are for PostgreSQL, and its schema is written with them."""
    done = here.pydb("import", "sqlc", str(SOURCES / "sqlc"), "--to", "sql")
    assert done.code == 0, done.err
    assert "41 statements imported" in done.err + done.out
    assert "DROP TABLE" not in here.read("sql/postgresql/schema.sql")
    checked = here.pydb("check", "--sql", "sql", "--schema", "schema.sql", "--db", empty_urls["postgresql"])
    output = re.sub(r"\x1b\[[0-9;]*m", "", checked.out + checked.err)
    assert "41 proven on PostgreSQL" in output, output
    definitions = {definition.name: definition for definition in read("sql")}
    assert set(definitions["authors.filter_authors"].optional) == {"name", "born"}
    assert definitions["books.with_author"].nesting is not None


MODELS = """\
from sqlalchemy import (
    Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Numeric, String, Table, UniqueConstraint,
)

metadata = MetaData()
countries = Table(
    "countries", metadata,
    Column("code", String(2), primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
)
authors = Table(
    "authors", metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("email", String(120), nullable=False),
    Column("country_code", ForeignKey("countries.code", name="authors_country_fkey"), index=True),
    UniqueConstraint("email", name="authors_email_key"),
)
categories = Table(
    "categories", metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(50), nullable=False),
    Column("parent_id", ForeignKey("categories.id", name="categories_parent_fkey")),
    UniqueConstraint("parent_id", "name", name="categories_name_key"),
)
books = Table(
    "books", metadata,
    Column("id", Integer, primary_key=True),
    Column("author_id", ForeignKey("authors.id", name="books_author_fkey"), nullable=False, index=True),
    Column("isbn", String(20), nullable=False),
    Column("title", String(200), nullable=False),
    Column("price", Numeric(10, 2), nullable=False),
    Column("available", Boolean, nullable=False),
    Index("books_isbn_key", "isbn", unique=True),
)
book_categories = Table(
    "book_categories", metadata,
    Column("book_id", ForeignKey("books.id", name="book_categories_book_fkey"), primary_key=True),
    Column("category_id", ForeignKey("categories.id", name="book_categories_category_fkey"), primary_key=True),
)
shops = Table(
    "shops", metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
)
stock = Table(
    "stock", metadata,
    Column("shop_id", ForeignKey("shops.id", name="stock_shop_fkey"), primary_key=True),
    Column("book_id", ForeignKey("books.id", name="stock_book_fkey"), primary_key=True),
    Column("amount", Integer, nullable=False),
    UniqueConstraint("book_id", "amount", name="stock_amount_key"),
)
"""


def test_models(here: Project) -> None:
    """Each statement of each table is loaded, checked against the schema that was written, and called."""
    (here.folder / "schema.sql").unlink()
    here.write({"models_of_a_shop.py": MODELS})
    dry = here.pydb("import", "sqlalchemy", "models_of_a_shop:metadata", "--to", "sql", "--dry-run")
    assert dry.code == 0, dry.err
    assert not (here.folder / "sql").exists()
    assert not (here.folder / "schema.sql").exists()
    done = here.pydb("import", "sqlalchemy", "models_of_a_shop:metadata", "--to", "sql", "--engine", "sqlite")
    assert done.code == 0, done.err
    definitions = read("sql")
    assert f"{len(definitions)} statements imported" in done.out + done.err
    assert "0 not imported (written as comments)" in done.out + done.err
    assert len(definitions) == 40
    checked = here.pydb("check", "--sql", "sql", "--schema", "schema.sql")
    assert checked.code == 0, checked.out + checked.err
    called = here.pydb("prove", "--sql", "sql", "--schema", "schema.sql", "--rows", "5")
    assert f"{len(definitions)} statements, " in called.out + called.err
    assert not [line for line in called.out.splitlines() if line.startswith("sql/")], called.out
