"""MariaDB or another server of its protocol: a new connection in; out, the error that names what is there instead."""

from __future__ import annotations

from typing import Any

from pydb.errors import OptionError
from pydb.support.escapes import shortened

__all__ = ["refuse_others"]


def refuse_others(driver: Any, cursor: Any) -> None:
    """Raises OptionError for a server of MySQL, whose SQL and errors are not MariaDB's."""
    # The driver's own word is that of a proxy, where there is one.
    if "MariaDB" in (getattr(driver, "server_version", None) or ""):
        return
    cursor.execute("SELECT version()")
    (version,) = cursor.fetchone()
    if "MariaDB" not in version:
        driver.close()
        raise OptionError(
            f"the server is not MariaDB: its version is {shortened(version)}", hint="connect to a MariaDB server"
        )
