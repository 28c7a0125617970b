"""Start servers for one command: an engine's name instead of a URL in, the URL of a running server out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from pydb.engines import default_engine, engine_names, engine_of_dialect
from pydb.errors import PydbError
from pydb.project import Project, url_of

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

__all__ = ["scratch_servers", "url_or_own_server"]

_KEY = "pydb.servers"


def url_or_own_server(given: str) -> str:
    """The URL that was given; for the name of an engine that has servers, the URL of a server that is started.

    The server ends with the command.  Raises PydbError if it cannot be started.
    """
    if not given.isidentifier():
        return given
    # Imported here, because most commands start no server.
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
    raise PydbError(message, hint=hint or "give --db the URL of a running server")


def scratch_servers(project: Project, engines: Iterable[str], urls: Iterable[str]) -> dict[str, URL | None]:
    """The servers for scratch databases, by engine: the URLs of ``--db``, and an entry for each other ``--engine``.

    That entry is None (in memory) for the default engine.  For another engine a server is started, and it is its URL.
    """
    given: dict[str, URL | None] = {}
    for text in urls:
        url = url_of(url_or_own_server(text), project)
        engine = engine_of_dialect(url.get_backend_name())
        if engine in given:
            raise PydbError(f"--db was given twice for {engine}", hint="name one of them")
        given[engine] = url
    for engine in engines:
        if engine not in given:
            given[engine] = None if engine == default_engine() else url_of(url_or_own_server(engine), project)
    return {engine: given[engine] for engine in engine_names() if engine in given}
