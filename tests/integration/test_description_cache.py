"""Checks with and without the results of earlier checks, on real projects and on every engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from pydb.check.project import CheckReport, Inputs, check
from pydb.describe import DescribedStatement, Refusal
from pydb.describe import cache as cache_module
from pydb.describe.orphans import PREFIX
from pydb.engines import default_engine

TESTS = Path(__file__).parents[1]
PROJECTS = [TESTS.parent, *sorted((TESTS / "corpus").iterdir())]


def inputs_of(folder: Path, engine: str, url: str) -> Inputs | None:
    own = folder / "sql" / engine / "schema.sql"
    schema = folder / "schema.sql" if engine == default_engine() else own
    if not schema.is_file():
        return None
    return Inputs(str(folder / "sql"), {engine: str(schema)}, [] if engine == default_engine() else [make_url(url)])


def steady(report: CheckReport) -> list[DescribedStatement]:
    """The descriptions that do not contain the name of the scratch database, which differs in each check."""
    return [described for described in report.described if PREFIX not in repr(described.columns)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The number of statements that are described again, and the number of those that are refused."""
    counts: Counter[str] = Counter()
    told = vars(cache_module)["describe"]

    def counted(*arguments: Any) -> Any:
        found = told(*arguments)
        counts.update(["asked", *(["refused"] if isinstance(found, Refusal) else [])])
        return found

    monkeypatch.setattr(cache_module, "describe", counted)
    return counts


@pytest.mark.deep
def test_the_same_with_and_without(engine_name: str, empty_url: str, tmp_path: Path, asked: Counter[str]) -> None:
    """In every project of the tests, a check with earlier results has the same findings as a check without them."""
    checked = 0
    for number, folder in enumerate(PROJECTS):
        inputs = inputs_of(folder, engine_name, empty_url)
        if inputs is None:
            continue
        plain = check(inputs)
        cached = replace(inputs, cache=str(tmp_path / f"{number}"))
        for first in (True, False):
            asked.clear()
            report = check(cached)
            assert report.findings == plain.findings
            assert steady(report) == steady(plain)
            assert (report.proven, report.examined, report.unchecked) == (plain.proven, plain.examined, plain.unchecked)
            again = asked["refused"] + len(report.described) - len(steady(report))
            assert first or asked["asked"] == again
        checked += len(report.described)
    assert checked >= 100


@pytest.mark.engines("mariadb")
def test_other_databases(engine_name: str, empty_url: str, tmp_path: Path, asked: Counter[str]) -> None:
    """Nothing is cached about a statement that may name another database of the server, which may change any time."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (id integer NOT NULL PRIMARY KEY);\n")
    text = (
        "-- name: a :many\nSELECT id FROM t;\n\n-- name: b :many\nSELECT table_name FROM information_schema.tables;\n"
    )
    (tmp_path / "sql" / "t.sql").write_text(text)
    schemas = {engine_name: str(tmp_path / "schema.sql")}
    inputs = Inputs(str(tmp_path / "sql"), schemas, [make_url(empty_url)], cache=str(tmp_path / "cache"))
    for count in (2, 1, 1):
        asked.clear()
        report = check(replace(inputs))
        assert (asked["asked"], len(report.described)) == (count, 2)


@pytest.mark.engines("postgresql", "mariadb")
def test_a_setting_of_the_server(engine_name: str, empty_url: str, tmp_path: Path, asked: Counter[str]) -> None:
    """A setting that decides the meaning of a text belongs to the cached result: with another one nothing is reused."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (id integer NOT NULL PRIMARY KEY);\n")
    (tmp_path / "sql" / "t.sql").write_text("-- name: a :many\nSELECT id FROM t;\n")
    url = make_url(empty_url)
    # pydb sets sql_mode by itself, so another variable of MariaDB is needed here; a session begins with this one.
    option = (
        {"options": "-c array_nulls=off"}
        if engine_name == "postgresql"
        else {"init_command": "SET max_sort_length=2000"}
    )
    inputs = Inputs(
        str(tmp_path / "sql"), {engine_name: str(tmp_path / "schema.sql")}, [url], cache=str(tmp_path / "cache")
    )
    for given, count in ((url, 1), (url, 0), (url.update_query_dict(option), 1), (url.update_query_dict(option), 0)):
        asked.clear()
        check(replace(inputs, urls=[given]))
        assert asked["asked"] == count
