"""The tables of a MariaDB database, with literals for their columns."""

import pymysql
import pytest

from pydb import Database
from pydb.errors import DatabaseError
from pydb.prove.engines.mariadb_adverse import MariadbAdverse

pytestmark = pytest.mark.engines("mariadb")


def test_every_kind_of_type_can_be_filled(empty_db: Database) -> None:
    """Enums, sets, documents, years and points get literals that MariaDB accepts."""
    with empty_db.begin() as conn:
        conn.exec_driver_sql(
            "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a enum('x', 'it''s'), b set('p', 'q'), c json, d year,"
            " e point, f bit(3), g inet6, h decimal(8,2) DEFAULT 1, i tinyint(1), j int AS (1) STORED)"
        )
        (table,) = MariadbAdverse("mariadb").tables(
            lambda query: conn.exec_driver_sql(query, execution_options={"no_parameters": True}).fetchall()
        )
        assert (table.name, [column.name for column in table.columns]) == ("`t`", [f"`{name}`" for name in "abcdefghi"])
        assert [column.name for column in table.columns if column.optional] == ["`h`"]
        for column in table.columns:
            assert column.literals is not None, column.name
            for literal in column.literals.plain:
                conn.exec_driver_sql(
                    f"INSERT INTO t ({column.name}) VALUES ({literal})", execution_options={"no_parameters": True}
                )


def test_errors_of_the_data() -> None:
    """A value out of range is an error of the data; a missing function is an error of the statement."""
    adverse = MariadbAdverse("mariadb")
    assert adverse.is_of_the_data(DatabaseError("x", orig=pymysql.DataError(1264, "Out of range value")))
    assert not adverse.is_of_the_data(DatabaseError("x", orig=pymysql.OperationalError(1305, "FUNCTION f")))
