"""The state that the tests of one process share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import PydbError
from pydb.testing.run import RunState

CONFIGURED = '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\nurl = "mariadb+pymysql://a:b@c/d"\n'


def test_the_engines(tmp_path: Path) -> None:
    """They are those of the option, else those of the given servers, else the project's, else SQLite."""
    assert RunState(tmp_path, (), ()).engines == ("sqlite",)
    (tmp_path / "pyproject.toml").write_text(CONFIGURED)
    assert RunState(tmp_path, (), ()).engines == ("mariadb",)
    assert RunState(tmp_path, (), ("postgresql+psycopg://a:b@c/d",)).engines == ("postgresql",)
    assert RunState(tmp_path, ("sqlite", "mariadb", "sqlite"), ()).engines == ("sqlite", "mariadb")
    with pytest.raises(PydbError, match="no engine oracle to test on    hint: one of sqlite, postgresql, mariadb"):
        _ = RunState(tmp_path, ("oracle",), ()).engines


def test_the_schema(tmp_path: Path) -> None:
    """Each engine has its own script; None without a project, or without a script."""
    assert RunState(tmp_path, (), ()).schema("sqlite") is None
    (tmp_path / "pyproject.toml").write_text(CONFIGURED)
    (tmp_path / "schema.sql").touch()
    run = RunState(tmp_path, (), ())
    assert run.schema("sqlite") == tmp_path / "schema.sql"
    assert run.schema("postgresql") is None
