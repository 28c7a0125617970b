"""A server that is not MariaDB is recognized by its own version."""

from __future__ import annotations

from typing import Any

import pytest

from pydb import Database
from pydb.engines.mariadb.product import refuse_others


@pytest.mark.engines("mariadb")
def test_a_proxys_word_is_not_the_servers(empty_url: str) -> None:
    """If the greeting does not name MariaDB, because a proxy may have sent it, the server itself is asked."""
    with Database(empty_url) as database, database.connect() as conn:
        driver: Any = conn.connection.driver_connection
        greeting, driver.server_version = driver.server_version, "8.0.11"
        with driver.cursor() as cursor:
            refuse_others(driver, cursor)
        assert driver.open
        driver.server_version = greeting
