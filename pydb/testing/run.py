"""Collect what the tests of one process share: options and [tool.pydb] in; engines, hosts and a schema script out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pydb.database.url import parse_url
from pydb.engines import default_engine, engine_names, engine_of_dialect, part
from pydb.errors import PydbError
from pydb.project import Project, engine_of, find_project
from pydb.support.escapes import shortened
from pydb.testing.servers import DatabaseHost, RunningServer, kinds_of, server_engines

if TYPE_CHECKING:
    from pydb.testing.server_registry import ServerRegistry

__all__ = ["RunState"]


class RunState:
    """The part of a test run that belongs to one process.

    ``servers`` is the directory of the servers of the whole run, which end with the process ``owner``.  Without these
    two, the process starts its own servers.
    """

    def __init__(
        self,
        top: Path,
        engines: Iterable[str],
        urls: Iterable[str],
        servers: Path | None = None,
        owner: int | None = None,
    ) -> None:
        self.project: Project = find_project(top)
        self._given = tuple(engines)
        self._urls = tuple(urls)
        self._servers, self._owner = servers, owner
        self._registry: ServerRegistry | None = None
        self._running: dict[str, RunningServer] = {}

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines to test on: those of the options, or else that of the project's URL.  Raises PydbError."""
        for name in self._given:
            if name not in engine_names():
                hint = f"one of {', '.join(engine_names())}"
                raise PydbError(f"pydb has no engine {shortened(name)} to test on", hint=hint)
        if self._given:
            return tuple(dict.fromkeys(self._given))
        if self._urls:
            return tuple(dict.fromkeys(map(_engine, self._urls)))
        return (engine_of(parse_url(self.project.url)) if self.project.url else default_engine(),)

    def schema(self, engine: str) -> Path | None:
        """The project's schema script for an engine; None without a project or a script."""
        if self.project.file is None:
            return None
        candidates = self.project.schema_candidates(engine, self.project.sql_path(None))
        return next((Path(script).resolve() for script in candidates if Path(script).is_file()), None)

    @property
    def registry(self) -> ServerRegistry:
        """The servers that the run starts."""
        if self._registry is None:
            # Imported here, because it locks files with calls that Windows does not have.
            from pydb.testing.server_registry import ServerRegistry

            self._registry = ServerRegistry(self._servers, self._owner)
        return self._registry

    def host(self, engine: str, folder: Path) -> DatabaseHost:
        """The host on which databases of that engine are made: a server, or the ``folder``.

        Raises ServerUnavailable.
        """
        if engine not in server_engines():
            made: DatabaseHost = part(engine, "folder")(folder)
            return made
        given = next((url for url in self._urls if _engine(url) == engine), None)
        if given is None:
            return self.registry.shared(engine)
        if engine not in self._running:
            self._running[engine] = kinds_of(engine).running(given)
        return self._running[engine]

    def close(self) -> None:
        """Leave the run; the process that owns the servers stops them."""
        for server in self._running.values():
            server.disconnect()
        if self._registry is not None:
            self._registry.close()


def _engine(url: str) -> str:
    return engine_of_dialect(parse_url(url).get_backend_name())
