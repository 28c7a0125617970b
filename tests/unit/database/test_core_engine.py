"""A URL and options in; an engine, or an error with the solution, out."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.pool import NullPool, StaticPool

from pydb import Database
from pydb.errors import OptionError


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://app:hunter2@h/d", r"module MySQLdb .*write mariadb\+pymysql://.* pip install 'pydb\[mariadb\]'"),
        ("postgres://app:hunter2@h/d", r"write postgresql\+psycopg://"),
        ("postgresql+psycopg2://app:hunter2@h/d", r"module psycopg2 .*write postgresql\+psycopg://"),
        ("mariadb+pymysql://app:hunter2@/d?host=a&host=b", "several hosts"),
        ("mariadb+pymysql://app:hunter2@a,b/d", "several hosts"),
        ("mariadb+pymysql://app:hunter2@h/d?charset=a&charset=b", "gives an option twice"),
        ("sqlite:///x.db?pass=hunter2", "a part that its driver does not accept"),
        ("nosuch://app:hunter2@h/d", "no such dialect"),
    ],
)
def test_urls(url: str, says: str) -> None:
    """A missing driver, several hosts and an unknown option are refused by name, without the password."""
    with pytest.raises(OptionError, match=says) as caught:
        Database(url)
    assert "hunter2" not in f"{caught.value!r}{caught.value}{caught.value.__context__}"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"paramstyle": "x"}, "SQLAlchemy does not have this paramstyle"),
        ({"isolation_level": "SNAPSHOT"}, "SQLite has no isolation level 'SNAPSHOT' .* one of READ UNCOMMITTED, SERI"),
        ({"isolation_level": "AUTOCOMMIT"}, "cannot roll back under AUTOCOMMIT"),
        ({"nosuch": 1}, "create_engine does not take nosuch here"),
        ({"executemany_mode": "values_only"}, "create_engine does not take executemany_mode here"),
        ({"poolclass": StaticPool, "max_overflow": 1}, "create_engine does not take max_overflow here"),
        ({"pool_reset_on_return": "nosuch"}, "refuses one of the options pool_reset_on_return"),
        ({"plugins": ["nosuch"]}, "refuses one of the options plugins"),
        ({"pool_size": "many"}, "pool_size must be a number"),
        ({"statement_timeout": "1"}, "timeouts are positive numbers"),
        ({"connect_args": "timeout=3"}, "connect_args is not a mapping"),
    ],
)
def test_options(options: dict[str, Any], says: str) -> None:
    """An option that SQLAlchemy or the driver would refuse raises an error of pydb."""
    with pytest.raises(OptionError, match=says), Database("sqlite://", **options) as database, database.begin():
        pass


@pytest.mark.parametrize("url", ["sqlite://", "mariadb+pymysql://app:hunter2@127.0.0.1:1/d"])
def test_a_drivers_option(url: str) -> None:
    """An option that only the driver can refuse raises an error when it connects."""
    refused = pytest.raises(OptionError, match="the driver has no option nosuch")
    with Database(url, connect_args={"nosuch": "hunter2"}) as database, refused as caught, database.begin():
        pass
    assert "hunter2" not in f"{caught.value}{caught.value.__context__}"


@pytest.mark.parametrize(
    ("module", "database", "url", "says"),
    [
        ("psycopg", "Database", "postgresql+psycopg://h/d", "module psycopg    hint: pip install 'pydb[postgresql]'"),
        ("psycopg", "AsyncDatabase", "postgresql://h/d", "module psycopg    hint: pip install 'pydb[postgresql]'"),
        ("pymysql", "Database", "mariadb+pymysql://h/d", "module pymysql    hint: pip install 'pydb[mariadb]'"),
        ("asyncmy", "AsyncDatabase", "mariadb://h/d", "module asyncmy    hint: pip install 'pydb[async]'"),
        ("aiosqlite", "AsyncDatabase", "sqlite://", "module aiosqlite    hint: pip install 'pydb[async]'"),
        (
            "greenlet",
            "AsyncDatabase",
            "sqlite://",
            "needs greenlet, not installed here    hint: pip",
        ),
    ],
)
def test_a_library_that_is_missing(module: str, database: str, url: str, says: str) -> None:
    """The message names the missing module, and the extra that installs it."""
    program = f"import sys; sys.modules[{module!r}] = None; import pydb; pydb.{database}({url!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "OptionError" in done.stderr
    assert says in done.stderr


@pytest.mark.parametrize("poolclass", [StaticPool, NullPool])
def test_a_pool_class(poolclass: type[Any]) -> None:
    """A pool class of the caller has its own size."""
    with Database("sqlite://", poolclass=poolclass) as database, database.begin() as conn:
        assert conn.execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.engines("postgresql")
@pytest.mark.parametrize("in_url", [False, True])
def test_options_of_a_session(empty_url: str, in_url: bool) -> None:
    """The settings of the caller and of pydb are combined, and for the same setting the caller's value is used."""
    given = "-c work_mem=3MB -c lock_timeout=1234"
    ask = text(
        "SELECT current_setting('work_mem'), current_setting('lock_timeout'), current_setting('timezone'), "
        "current_setting('statement_timeout'), current_setting('application_name')"
    )
    url = f"{empty_url}?options=-c%20work_mem%3D9MB%20-c%20application_name%3Dshop" if in_url else empty_url
    with Database(url, statement_timeout=5, connect_args={"options": given}) as database, database.begin() as conn:
        assert conn.execute(ask).one() == ("3MB", "1234ms", "UTC", "5s", "shop" if in_url else "")


@pytest.mark.engines("mariadb")
def test_commands_of_a_session(empty_url: str) -> None:
    """``init_command`` and timeouts in the URL are combined with pydb's settings, and override them."""
    ask = text("SELECT @@time_zone, @@innodb_lock_wait_timeout, @@sql_mode LIKE '%ANSI_QUOTES%'")
    given = {"init_command": "SET time_zone = '+03:00'", "read_timeout": 77}
    with Database(empty_url, lock_timeout=7, connect_args=given) as database, database.begin() as conn:
        assert conn.execute(ask).one() == ("+03:00", 7, 1)
        driver: Any = conn.connection.dbapi_connection
        assert (driver._read_timeout, driver._write_timeout) == (77, None)


@pytest.mark.engines("sqlite")
def test_arguments_of_a_file(empty_url: str) -> None:
    """A timeout for the driver overrides ``lock_timeout``."""
    with Database(empty_url, lock_timeout=7, connect_args={"timeout": 3}) as database, database.begin() as conn:
        assert conn.execute(text("PRAGMA busy_timeout")).scalar_one() == 3000
