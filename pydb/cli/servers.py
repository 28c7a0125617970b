"""Servers for one command: an engine's name in the place of a URL in, the URL of a server that ends with it out."""

from __future__ import annotations

import click

from pydb.errors import PydbError

__all__ = ["url_or_own_server"]

_KEY = "pydb.servers"


def url_or_own_server(given: str) -> str:
    """The URL that was given; for the name of an engine that has servers, one of a server that is started.

    Raises PydbError where it cannot be started.
    """
    if not given.isidentifier():
        return given
    # Most commands start none.
    from pydb.testing.server_registry import ServerRegistry
    from pydb.testing.servers import ServerUnavailable, server_engines

    if given not in server_engines():
        return given
    context = click.get_current_context()
    registry: ServerRegistry | None = context.meta.get(_KEY)
    if registry is None:
        registry = context.meta[_KEY] = ServerRegistry()
        context.call_on_close(registry.close)
    try:
        server = registry.shared(given)
        return server.url(server.first_database)
    except ServerUnavailable as error:
        message, _, hint = str(error).partition("    hint: ")
    raise PydbError(message, hint=hint or "give --db URL of a server that runs")
