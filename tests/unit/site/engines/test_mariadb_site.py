"""The sizes of tables on a server."""

import pytest
from sqlalchemy import create_engine, text

from pydb.describe import existing
from pydb.site.engines.mariadb_site import MariadbSite

pytestmark = pytest.mark.engines("mariadb")


def test_sizes(empty_url: str) -> None:
    """An analysed table has about the number of its rows, and a size."""
    engine = create_engine(empty_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE TABLE t (x integer)"))
        connection.execute(text("INSERT INTO t (x) VALUES (1), (2), (3)"))
        connection.execute(text("ANALYZE TABLE t"))
    with existing(engine.url) as session:
        size = MariadbSite("mariadb").sizes(session)["t"]
    engine.dispose()
    assert size.estimated
    assert size.rows == 3
    assert size.size is not None
    assert size.size > 0


def test_a_look_up_by_the_primary_key() -> None:
    """A plan with the key PRIMARY names its table by the alias."""
    plan = (
        "id  select_type         table  type    key                  key_len  ref\n"
        "1   SIMPLE              u      const   PRIMARY              8        const\n"
        "2   DEPENDENT SUBQUERY  p      eq_ref  PRIMARY              8        u.id\n"
        "2   DEPENDENT SUBQUERY  x      ref     PRIMARY_of_somebody  8        const\n"
    )
    assert MariadbSite.key_lookup is not None
    assert [found[1] for found in MariadbSite.key_lookup.finditer(plan)] == ["u", "p"]
