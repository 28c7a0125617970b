"""The facts of a site."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.check import Inputs
from pydb.errors import SqlFileError
from pydb.site.facts import SiteInputs, gather
from tests.conftest import PROJECT, SCHEMAS
from tests.harness.sites import facts_in


def test_an_engine(tmp_path: Path) -> None:
    """Each statement has its plans and reasons; SQLite has no rights."""
    (report,) = facts_in(tmp_path).engines
    assert report.plans["orders.of_customer"][""].startswith("|--SEARCH o USING")
    assert report.reasons["orders.of_customer"] == (
        "orders.id is NOT NULL",
        "an outer join may find no row of customers",
    )
    assert set(report.plans["customers.search"]) == {"", "name"}
    assert report.rights == {}


def test_what_a_directive_says(tmp_path: Path) -> None:
    """If @column says whether a column may be NULL, that is the reason."""
    text = "-- name: x :many\n-- @column email str\nSELECT email FROM customers;\n"
    (report,) = facts_in(tmp_path, statements={"t.sql": text}).engines
    assert report.reasons["t.x"] == ("declared by @column",)


def test_variants(tmp_path: Path) -> None:
    """The reason is that of a variant in which the column may be NULL."""
    text = ("-- name: x :many\nSELECT email FROM customers WHERE TRUE\n    AND email > '' -- if :wanted\n;\n").replace(
        "SELECT", "-- @param wanted bool\nSELECT"
    )
    (report,) = facts_in(tmp_path, statements={"t.sql": text}).engines
    assert report.reasons["t.x"] == ("customers.email may be NULL",)


def test_a_schema_that_is_refused(tmp_path: Path) -> None:
    """A schema that its engine refuses is an error."""
    with pytest.raises(SqlFileError):
        facts_in(tmp_path, schema="CREATE TABLE a (x integer, x integer);")


def test_sizes(tmp_path: Path) -> None:
    """The number of rows of each table is read from a live database."""
    facts_in(tmp_path)
    file = tmp_path / "live.db"
    connection = sqlite3.connect(file)
    connection.executescript("CREATE TABLE customers (id integer); INSERT INTO customers VALUES (1), (2);")
    connection.close()
    checked = Inputs(str(tmp_path / "sql"), {"sqlite": str(tmp_path / "schema.sql")})
    inputs = SiteInputs("shop", checked, {"sqlite": None})
    assert gather(inputs).sizes == {}
    found = gather(replace(inputs, sizes=make_url(f"sqlite:///{file}"))).sizes
    assert found["customers"].rows == 2


@pytest.mark.deep
def test_the_sample_on_each_engine(engine_name: str, empty_url: str) -> None:
    """Each statement of the sample has plans, a reason for each column, and rights if the engine has rights."""
    url = make_url(empty_url) if engine_name != "sqlite" else None
    checked = Inputs(str(PROJECT / "sql"), {engine_name: str(SCHEMAS[engine_name])}, [url] if url else [])
    (report,) = gather(SiteInputs("sample", checked, {engine_name: url})).engines
    assert len(report.described) > 150
    for name, one in report.described.items():
        assert all(report.plans[name].values()), name
        assert len(report.reasons[name]) == len(one.columns)
        assert all(report.reasons[name]), name
    assert set(report.rights) == (set(report.described) if engine_name != "sqlite" else set())
    assert report.by_key or engine_name == "postgresql"
