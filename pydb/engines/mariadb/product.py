"""Check that the server is MariaDB: a new connection in; nothing, or an error with the server's version, out."""

from __future__ import annotations

from typing import Any

from pydb.errors import OptionError
from pydb.support.escapes import shortened

__all__ = ["refuse_others"]


def refuse_others(driver: Any, cursor: Any) -> None:
    """Raise OptionError for a server of MySQL, whose SQL and errors differ from MariaDB's."""
    # Ask the server, because the driver knows only the version that a proxy reports.
    if "MariaDB" in (getattr(driver, "server_version", None) or ""):
        return
    cursor.execute("SELECT version()")
    (version,) = cursor.fetchone()
    if "MariaDB" not in version:
        driver.close()
        raise OptionError(
            f"the server is not MariaDB: its version is {shortened(version)}", hint="connect to a MariaDB server"
        )
