"""``pydb check`` on Chinook, which was not designed for pydb: a real schema, and statements of all kinds."""

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

import pydb
from pydb.check import CheckReport, Inputs, check
from pydb.engines import engine_names
from pydb.sqlfile.loader import read
from pydb.values.records import records_by_name
from tests.harness.chinook import chinook_file, chinook_tables
from tests.integration.chinook import records
from tests.integration.test_tutorial import TUTORIAL

SQL = str(Path(__file__).parent / "chinook" / "sql")


@pytest.fixture
def urls(empty_urls: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Chinook on every engine; on SQLite it is the file itself."""
    for engine in ("postgresql", "mariadb"):
        script = tmp_path / f"{engine}.sql"
        script.write_text(chinook_tables(engine), encoding="utf-8")
        with pydb.Database(empty_urls[engine]) as database:
            database.apply(script)
    return {**empty_urls, "sqlite": f"sqlite:///{chinook_file('sqlite')}"}


def checked(sql: str, urls: dict[str, str], found: dict[str, type] | None) -> CheckReport:
    return check(Inputs(sql, {}, [make_url(urls[engine]) for engine in engine_names()], found, live=True))


def test_statements_of_every_sort(urls: dict[str, str]) -> None:
    """27 statements with joins, aggregates, windows and recursion are proven on all engines without a finding."""
    report = checked(SQL, urls, records_by_name(records))
    assert report.findings == ()
    assert report.statements == len(read(SQL)) == 27
    assert list(report.proven.values()) == [27, 27, 27]


def test_tutorial(urls: dict[str, str]) -> None:
    """The tutorial's statements are proven on all engines; the missing unique key of an email is a note."""
    report = checked(str(TUTORIAL / "sql"), urls, None)
    assert [(finding.code, finding.statement) for finding in report.findings] == [("C301", "customers.by_email")] * len(
        report.findings
    )
    assert list(report.proven.values()) == [report.statements] * 3
