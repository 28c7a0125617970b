"""The name by which ``bench`` imports the registry of servers."""

from tests.harness.server_registry import ServerRegistry as Room

__all__ = ["Room"]
