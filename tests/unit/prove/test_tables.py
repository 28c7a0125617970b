"""The tables that several engines have, from their catalogues."""

from __future__ import annotations

from dataclasses import replace

from pydb.describe.catalogue import Catalogue, ColumnFacts, TableFacts
from pydb.prove.adverse import AdverseColumn, AdverseTable, Literals
from pydb.prove.tables import common_tables


def column(name: str, type_: str, *, nullable: bool = False, generated: bool = False) -> ColumnFacts:
    return ColumnFacts(name, type_, nullable, generated=generated)


def table(name: str, *columns: ColumnFacts, parent: str | None = None) -> TableFacts:
    references = frozenset({(("parent_id",), parent, ("id",))}) if parent else frozenset()
    return TableFacts(name, {item.name: item for item in columns}, (frozenset({"id"}),), references=references)


CHILD = table("children", column("id", "integer"), column("parent_id", "integer"), parent="parents")
PARENT = table("parents", column("id", "integer"), column("kind", "text", nullable=True))


def catalogue(engine: str, *tables: TableFacts) -> Catalogue:
    return Catalogue(engine, {item.name: item for item in tables})


def test_parents_come_first() -> None:
    """A table comes after the tables to which it refers."""
    one = catalogue("sqlite", CHILD, PARENT)
    assert [item.name for item in common_tables([one], [[]])] == ["parents", "children"]


def test_what_not_every_engine_has_is_left_out() -> None:
    """Tables and columns that one engine lacks are left out."""
    other = catalogue("postgresql", replace(PARENT, columns={"id": column("id", "bigint")}))
    (found,) = common_tables([catalogue("sqlite", CHILD, PARENT), other], [[], []])
    assert [item.name for item in found.columns] == ["id"]


def test_a_word_fits_on_every_engine() -> None:
    """A column has a type word that fits all engines' types, or none."""
    facts = table("t", column("id", "integer"), column("on_", "text"), column("odd", "integer"))
    other = table("t", column("id", "bigint"), column("on_", "date"), column("odd", "json"))
    (found,) = common_tables([catalogue("sqlite", facts), catalogue("postgresql", other)], [[], []])
    assert [item.word for item in found.columns] == ["int", "date", None]


def test_enumerated_texts() -> None:
    """The labels of a type are the only texts; those of a constraint are some of several."""
    kind = AdverseColumn('"kind"', "enum('a','b')", True, Literals(("'a'", "'b'")))
    (found,) = common_tables([catalogue("sqlite", PARENT)], [[AdverseTable('"parents"', (kind,))]])
    assert (found.columns[1].choices, found.columns[1].only) == (("a", "b"), True)
    (found,) = common_tables([catalogue("sqlite", PARENT)], [[AdverseTable('"parents"', (), (), ("'it''s'",))]])
    assert (found.columns[1].choices, found.columns[1].only) == (("it's",), False)


def test_types_that_the_schema_defines() -> None:
    """An enumerated type has texts, and a domain has the values of its base type."""
    facts = table(
        "t",
        column("kind", "app.kind"),
        ColumnFacts("age", "positive", False, kind="int"),
        column("during", "int4range"),
    )
    kind = AdverseColumn("kind", "app.kind", False, Literals(("CAST('a' AS app.kind)", "CAST('b' AS app.kind)")))
    (found,) = common_tables([catalogue("postgresql", facts)], [[AdverseTable("t", (kind,))]])
    assert [item.word for item in found.columns] == ["str", "int", None]
    assert found.columns[0].only


def test_generated_columns_are_not_written() -> None:
    """Generated columns are only read."""
    facts = table("t", column("id", "integer"), column("twice", "integer", generated=True))
    (found,) = common_tables([catalogue("sqlite", facts)], [[]])
    assert [item.name for item in found.written] == ["id"]
