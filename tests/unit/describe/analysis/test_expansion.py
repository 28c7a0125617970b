"""The number of queries that an engine makes from one."""

from __future__ import annotations

import pytest

from pydb.describe.analysis.expansion import (
    MAX_QUERIES,
    TooManyQueries,
    check_expansion,
    view_sizes,
    without_expansion,
)
from pydb.errors import SqlFileError

DOUBLING = {
    f"v{n}": f"CREATE VIEW v{n} AS SELECT a.x FROM {name} AS a, {name} AS b"
    for n, name in enumerate(["t", *(f"v{n}" for n in range(30))])
}


def test_sizes_of_views() -> None:
    """A view stands for its own query and for those of the views in it, each counted as often as it is named."""
    texts = {"one": "SELECT x FROM t", "two": "SELECT a.x FROM one AS a JOIN one AS b ON true"}
    assert view_sizes(texts, "sqlite") == {"one": 1, "two": 3}


def test_views_that_double() -> None:
    """A chain of views that each name the previous one twice is refused by name, in a catalogue and in a script."""
    with pytest.raises(SqlFileError, match=f"expands to more than {MAX_QUERIES:,} queries"):
        view_sizes(DOUBLING, "sqlite")
    read = []
    with pytest.raises(SqlFileError) as caught:
        for line, _ in without_expansion(enumerate(DOUBLING.values(), 1), "sqlite", "schema.sql"):
            read.append(line)
    assert (caught.value.file, caught.value.line) == ("schema.sql", len(read) + 1)
    assert len(read) < len(DOUBLING)


def test_statements() -> None:
    """A statement may stand for many queries, but not for too many."""
    views = {"v": MAX_QUERIES}
    check_expansion("SELECT x FROM t", "sqlite", views)
    check_expansion("WITH a AS (SELECT 1) SELECT * FROM a, a AS b", "sqlite", {})
    with pytest.raises(TooManyQueries):
        check_expansion("SELECT a.x FROM v AS a, v AS b", "sqlite", views)
