"""The engines of a check of migrations; integration tests have its findings."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import make_url

from pydb.errors import PydbError
from pydb.migrations.check import wanted_engines


def test_wanted_engines() -> None:
    """SQLite needs no server, a server's engine needs a schema script, and without an engine nothing can be checked."""
    url = make_url("mariadb+pymysql://u@h/d")
    assert wanted_engines({"sqlite": "", "mariadb": ""}, [url]) == {"sqlite": None, "mariadb": url}
    with pytest.raises(PydbError, match="mariadb has no schema script"):
        wanted_engines({"sqlite": ""}, [url])
    with pytest.raises(PydbError, match="there is no engine to check on"):
        wanted_engines({"mariadb": ""}, [])
