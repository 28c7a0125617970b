"""The sizes of tables on a server."""

import pytest
from sqlalchemy import create_engine, text

from pydb.describe import existing
from pydb.site.engines.postgresql_site import PostgresqlSite

pytestmark = pytest.mark.engines("postgresql")


def test_sizes(empty_url: str) -> None:
    """An analysed table has about the number of its rows, and a size."""
    engine = create_engine(empty_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE TABLE t (x integer)"))
        connection.execute(text("INSERT INTO t (x) VALUES (1), (2), (3)"))
        connection.execute(text("ANALYZE t"))
    with existing(engine.url) as session:
        size = PostgresqlSite("postgresql").sizes(session)["t"]
    engine.dispose()
    assert size.estimated
    assert size.rows == 3
    assert size.size is not None
    assert size.size > 0


def test_indexes_of_constraints(empty_url: str) -> None:
    """The index of a constraint without a name is found by its table and columns, also in another schema."""
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA other"))
        connection.execute(text("CREATE TABLE other.t (x integer PRIMARY KEY, y integer, z integer, UNIQUE (z, y))"))
    with existing(engine.url) as session:
        found = PostgresqlSite("postgresql").automatic_indexes(session)
    engine.dispose()
    assert found == {"t_pkey": ("other.t", frozenset({"x"})), "t_z_y_key": ("other.t", frozenset({"z", "y"}))}
