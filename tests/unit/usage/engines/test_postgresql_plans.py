"""PostgreSQL's generic plan."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import make_url

from pydb.describe import DescribedStatement, describe, scratch
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.usage.plans import plan_of
from tests.conftest import SCHEMAS

pytestmark = pytest.mark.engines("postgresql")


def test_the_generic_plan(engine_name: str, empty_url: str) -> None:
    """Parameters are in the plan with the server's numbers, and there are no costs, which mean nothing here."""
    text = "-- name: x :many\nSELECT id FROM users WHERE username = :name AND age IN (:ages);\n"
    (parsed,) = parse_file(text, "t.sql", "t", None)
    with scratch(make_url(empty_url), str(SCHEMAS[engine_name])) as session:
        found = describe(session, definition_of({None: parsed}))
        assert isinstance(found, DescribedStatement)
        # Twice, because no prepared statement may be left.
        assert plan_of(session, found) == plan_of(session, found)
        assert plan_of(session, found).splitlines() == [
            "Index Scan using users_username_key on users",
            "  Index Cond: (username = $1)",
            "  Filter: (age = ANY (ARRAY[$2, $2]))",
        ]
