"""`pydb generate` on Chinook, which was not designed for pydb, with the statements of test_check_chinook."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pydb import Database
from tests.harness.chinook import chinook_file, chinook_tables
from tests.harness.documents import PROJECT
from tests.harness.projects import Project, project_in
from tests.integration.test_tutorial import TUTORIAL

STATEMENTS = Path(__file__).parent / "chinook" / "sql"
CONFIGURED = '[tool.pydb]\nsql = "app/sql"\npackage = "app.db"\n'


@pytest.fixture(params=[STATEMENTS, TUTORIAL / "sql"], ids=["27 statements", "the tutorial's"])
def chinook(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Project]:
    """A project with statements for Chinook, and Chinook's schema for each engine."""
    with project_in(tmp_path, monkeypatch, capsys, CONFIGURED) as project:
        shutil.copytree(request.param, tmp_path / "app" / "sql")
        project.write({"app/__init__.py": ""})
        yield project


@pytest.fixture
def options(empty_urls: dict[str, str], tmp_path: Path) -> list[str]:
    """The options for Chinook's database on each engine; on the servers its tables have no rows."""
    given = ["--live", "--db", f"sqlite:///{chinook_file('sqlite')}"]
    for engine in ("postgresql", "mariadb"):
        script = tmp_path / f"{engine}.sql"
        script.write_text(chinook_tables(engine), encoding="utf-8")
        with Database(empty_urls[engine]) as database:
            database.apply(script)
        given += ["--db", empty_urls[engine]]
    return given


@pytest.mark.deep
@pytest.mark.xdist_group("mypy")
def test_the_package_is_typed_on_all_engines(
    chinook: Project, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three engines agree on a type for every parameter and column; the files are formatted and pass mypy --strict."""
    done = chinook.pydb("generate", *options)
    assert done.code == 0, done.out
    assert chinook.pydb("generate", *options).out.endswith(": up to date\n")
    chinook.tool("ruff", "format", "--no-cache", "--check", "--line-length", "88", "app/db")
    monkeypatch.setenv("MYPYPATH", str(PROJECT))
    chinook.tool("mypy", "--strict", "--cache-dir", f"{PROJECT}/.mypy_cache", "app")


@pytest.mark.parametrize("chinook", [STATEMENTS], indirect=True)
def test_the_functions_read_the_real_database(chinook: Project) -> None:
    """The functions that are generated from the SQLite file alone return records of its rows."""
    file = chinook_file("sqlite")
    assert chinook.pydb("generate", "--live", "--db", f"sqlite:///{file}").code == 0
    with chinook.imported() as package, Database(f"sqlite:///file:{file}?mode=ro&uri=true") as database:
        sales = sys.modules["app.db.sales"]
        with database.read() as conn:
            customer = sales.customer(conn, customer_id=1)
            countries = {row.country: row.total for row in sales.by_country(conn)}
            hierarchy = sales.hierarchy(conn)
    assert isinstance(customer, package.Contact)
    assert (customer.first_name, customer.email) == ("Luís", "luisg@embraer.com.br")
    assert countries["USA"] == Decimal("523.06")
    assert max(row.depth for row in hierarchy) == 2
