"""The registry of servers of pydb.testing, by the name that tests use."""

from pydb.testing.server_registry import ServerRegistry

__all__ = ["ServerRegistry"]
