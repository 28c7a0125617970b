"""The servers of pydb.testing, by the names that tests use."""

from pydb.testing.servers import USER, ServerUnavailable, find_binary, free_port
from pydb.testing.servers import StartedServer as Server

__all__ = ["USER", "Server", "ServerUnavailable", "find_binary", "free_port"]
