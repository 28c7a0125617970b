"""A server for one command."""

from __future__ import annotations

import pytest

from pydb.cli.servers import scratch_servers, url_or_own_server
from pydb.errors import PydbError
from pydb.project import find_project
from tests.harness.projects import Project


@pytest.mark.parametrize("given", ["sqlite:///app.db", "sqlite", "oracle", "postgresql+psycopg://localhost/a"])
def test_what_is_no_engine_with_servers_is_left_as_it_is(given: str) -> None:
    """A URL is unchanged, and so is an unknown word, which the check of the URL refuses."""
    assert url_or_own_server(given) == given


def test_scratch_servers(project: Project) -> None:
    """The default engine needs no server, and two servers of one engine are refused."""
    assert scratch_servers(find_project(project.folder), ["sqlite"], []) == {"sqlite": None}
    with pytest.raises(PydbError, match="--db was given twice for postgresql"):
        scratch_servers(find_project(project.folder), [], ["postgresql://a/x", "postgresql://b/x"])
