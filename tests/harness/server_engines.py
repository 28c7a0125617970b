"""The kinds of servers of pydb.testing, by the names that tests use."""

from pydb.testing.engines.mariadb_server import MariadbServer
from pydb.testing.engines.postgresql_server import PostgresqlServer

__all__ = ["MariadbServer", "PostgresqlServer"]
