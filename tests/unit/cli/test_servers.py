"""A server for one command."""

from __future__ import annotations

import pytest

from pydb.cli.servers import url_or_own_server


@pytest.mark.parametrize("given", ["sqlite:///app.db", "sqlite", "oracle", "postgresql+psycopg://localhost/a"])
def test_what_is_no_engine_with_servers_is_left_as_it_is(given: str) -> None:
    """A URL, and a word that the URL's own check refuses."""
    assert url_or_own_server(given) == given
