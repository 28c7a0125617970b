"""``pydb check`` on the sample: every statement is proven on every engine, without findings."""

from sqlalchemy.engine import make_url

import pydb.sample.records
from pydb.check import Inputs, check
from pydb.sqlfile.loader import read
from pydb.values.records import records_by_name
from tests.conftest import PROJECT, SCHEMAS


def test_sample_on_all_engines(empty_urls: dict[str, str]) -> None:
    """The sample has no findings and no notes on three engines."""
    sql = str(PROJECT / "sql")
    schemas = {engine: str(path) for engine, path in SCHEMAS.items()}
    servers = [make_url(url) for engine, url in empty_urls.items() if engine != "sqlite"]
    report = check(Inputs(sql, schemas, servers, records_by_name(pydb.sample.records)))
    assert report.findings == ()
    assert report.unchecked == []
    assert list(report.proven.values()) == [len(read(sql))] * 3
