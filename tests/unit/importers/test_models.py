"""SQLAlchemy's models."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Column, Computed, Enum, ForeignKey, Integer, MetaData, String, Table

from pydb.errors import PydbError
from pydb.importers.models import metadata_named, schema_of, statements_of

METADATA = MetaData()
Table(
    "categories",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(50), nullable=False, unique=True),
    Column("parent_id", ForeignKey("categories.id"), index=True),
)
Table("links", METADATA, Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True))


def test_each_table_has_the_usual_statements() -> None:
    """There are create, by key, by each unique key, list, patch and delete, without columns that the engine sets."""
    files = {file.path[0]: file for file in statements_of(METADATA, "app:metadata")}
    assert [one.name for one in files["categories"].statements] == [
        *("create", "by_key", "by_name", "list", "patch", "delete"),
    ]
    assert files["categories"].statements[0].sql == (
        "INSERT INTO categories (name, parent_id)\nVALUES (:name, :parent_id)\nRETURNING id, name, parent_id;"
    )
    assert files["categories"].statements[0].record == "Category"
    assert [one.name for one in files["links"].statements] == ["create", "by_key", "list", "delete"]
    assert files["links"].statements[1].sql == "SELECT a, b\nFROM links\nWHERE\n    a = :a\n    AND b = :b;"
    assert not [one for file in files.values() for one in file.statements if one.reason]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_each_engine_has_a_schema(engine: str) -> None:
    """The script has the tables and indexes that SQLAlchemy creates on the engine."""
    script = schema_of(METADATA, engine)
    assert script.count("CREATE TABLE") == 2
    assert "CREATE INDEX ix_categories_parent_id" in script


def test_types_and_circles_are_created_too() -> None:
    """An enumeration is before its table, and a foreign key of a circle after both; a percent sign is not doubled."""
    metadata = MetaData()
    circle = ForeignKey("b.id", use_alter=True, name="a_b_fkey")
    share = CheckConstraint("share LIKE '%x%'", name="a_share_check")
    kind: Column[str] = Column("kind", Enum("one", "two", name="kind"))
    Table(
        "a",
        metadata,
        Column("id", Integer, primary_key=True),
        kind,
        Column("share", String(9)),
        Column("b", circle),
        share,
    )
    Table("b", metadata, Column("id", Integer, primary_key=True), Column("a", ForeignKey("a.id")))
    script = schema_of(metadata, "postgresql")
    assert [line.split()[:3] for line in script.splitlines() if line[:1] in ("C", "A")] == [
        ["CREATE", "TYPE", "kind"],
        ["CREATE", "TABLE", "a"],
        ["CREATE", "TABLE", "b"],
        ["ALTER", "TABLE", "a"],
    ]
    assert "LIKE '%x%'" in script


def test_names_that_an_engine_reserves_are_quoted() -> None:
    """Capitals and spaces are quoted too; a parameter has a valid name, and every engine reads the statements."""
    metadata = MetaData()
    Table(
        "user",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("first-name", String(9)),
        Column("Desc", String(9), unique=True),
        schema="app",
    )
    [file] = statements_of(metadata, "app:metadata")
    create, _, unique, _, patch, _ = file.statements
    assert file.engine is None
    assert [one.changes for one in file.statements] == [()] * 6
    assert create.sql == (
        'INSERT INTO app."user" ("first-name", "Desc")\nVALUES (:first_name, :Desc)\n'
        'RETURNING id, "first-name" AS first_name, "Desc";'
    )
    assert (unique.name, unique.sql.splitlines()[-1]) == ("by_Desc", 'WHERE "Desc" = :Desc;')
    assert '    "first-name" = :first_name, -- if :first_name given\n' in patch.sql


def test_names_with_spaces() -> None:
    """A name is never divided at the end of a line, and a column that cannot be a field has a new alias."""
    metadata = MetaData()
    columns = [Column(f"a name of some words {number}", Integer) for number in range(9)]
    Table("t", metadata, Column("a_b", Integer), Column("a b", Integer), Column("class", Integer), *columns)
    [file] = statements_of(metadata, "app:metadata")
    sql = file.statements[0].sql
    assert all(line.count('"') % 2 == 0 and len(line) <= 120 for line in sql.splitlines())
    assert '"a b" AS a_b_, ' in sql
    assert "class AS class_, " in sql.replace('"', "")


def test_computed_columns_are_stored() -> None:
    """Older versions of PostgreSQL have only stored computed columns."""
    metadata = MetaData()
    Table("t", metadata, Column("a", Integer), Column("b", Integer, Computed("a * 2")))
    assert "GENERATED ALWAYS AS (a * 2) STORED" in schema_of(metadata, "postgresql")


def test_a_module_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever error a module raises at its import is reported in one line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models_that_fail.py").write_text("1 / 0\n")
    with pytest.raises(PydbError, match="models_that_fail raised ZeroDivisionError at its import"):
        metadata_named("models_that_fail:metadata")


def test_a_type_that_an_engine_has_not_is_told() -> None:
    """MariaDB has no text without a length."""
    metadata = MetaData()
    Table("t", metadata, Column("a", String))
    with pytest.raises(PydbError, match=r"the tables cannot be created on mariadb: .*table 't'"):
        schema_of(metadata, "mariadb")


def test_the_metadata_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The metadata is imported from the current folder; a declarative base has it too."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models_of_a_test.py").write_text("from sqlalchemy import MetaData\nmetadata = MetaData()\nother = 1\n")
    assert isinstance(metadata_named("models_of_a_test:metadata"), MetaData)
    for name, message in (("models_of_a_test", "does not name"), ("no_such:a", "cannot be imported")):
        with pytest.raises(PydbError, match=message):
            metadata_named(name)
    with pytest.raises(PydbError, match="is not a MetaData"):
        metadata_named("models_of_a_test:other")
