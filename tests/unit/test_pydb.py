"""The package as a user imports it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pydb


def test_its_names() -> None:
    """The documented names exist, and are listed."""
    types = {"ABSENT", "JSON_NULL", "Absent", "AwareDatetime", "IPAddress", "IPNetwork", "Json"}
    databases = {"AsyncDatabase", "Database"}
    assert set(pydb.__all__) == types | databases | {"AlreadyDone", "Queries", "Statement", "errors", "load", "migrate"}
    assert set(pydb.__all__) <= set(dir(pydb))
    for name in pydb.__all__:
        assert getattr(pydb, name) is not None
    with pytest.raises(AttributeError, match="module 'pydb' has no attribute 'nowhere'"):
        _ = pydb.nowhere


def test_what_an_import_leaves_out() -> None:
    """Each part, SQLAlchemy and the extras are imported at their first use."""
    code = (
        "import pydb, sys\n"
        "assert not [name for name in sys.modules if name.startswith('pydb.')]\n"
        "assert 'sqlalchemy' not in sys.modules\n"
        "assert pydb.errors.NoRow.__name__ == 'NoRow'\n"
        "assert 'pydb.database' not in sys.modules\n"
        "pydb.Database\n"
        "assert 'pydb.queries' not in sys.modules\n"
        "assert not {'sqlglot', 'sqlfluff', 'rich', 'click', 'psycopg', 'pymysql', 'apsw'} & set(sys.modules)\n"
        "pydb.load\n"
        "assert 'pydb.queries' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
