"""docs/tutorial on the Chinook database: its statements return the same rows on all three engines."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

import pydb
from pydb.errors import ForeignKeyViolation, NoRow
from pydb.sqlfile.script import statements
from tests.harness.chinook import chinook_file, chinook_script
from tests.harness.documents import Reader, blocks

# Only one worker of pytest-xdist splits the scripts.
pytestmark = pytest.mark.xdist_group("tutorial")

PROJECT = Path(__file__).parents[2]
TUTORIAL = PROJECT / "docs" / "tutorial"


@pytest.fixture(scope="module")
def records() -> Any:
    """docs/tutorial/chinook.py."""
    spec = spec_from_file_location("chinook", TUTORIAL / "chinook.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["chinook"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def queries(records: Any) -> pydb.Queries:
    return pydb.load(TUTORIAL / "sql", records=records)


@pytest.fixture(scope="module")
def cut() -> Callable[[str], list[str]]:
    """The statements of a server's script, split once for each engine, because splitting takes longer than running."""

    @cache
    def cut(engine: str) -> list[str]:
        return [sql for _, sql in statements(chinook_script(engine), engine)]

    return cut


@pytest.fixture
def chinook(engine_name: str, empty_url: str, cut: Callable[[str], list[str]]) -> Iterator[pydb.Database]:
    """A Chinook database that the test may change."""
    source = chinook_file(engine_name)
    if engine_name == "sqlite":
        shutil.copyfile(source, empty_url.removeprefix("sqlite:///"))
    with pydb.Database(empty_url) as database:
        if engine_name != "sqlite":
            with database.begin() as conn:
                for sql in cut(engine_name):
                    conn.exec_driver_sql(sql, execution_options={"no_parameters": True})
        yield database


def test_reads_give_the_same_answers_on_every_engine(
    chinook: pydb.Database, queries: pydb.Queries, records: Any
) -> None:
    """Each reading statement of the tutorial returns these rows, in this order, on every engine."""
    with chinook.read() as conn:
        top = queries.artists.top_by_sales(conn, limit=3)
        tracks = queries.tracks.of_album(conn, title="Facelift")
        customer = queries.customers.by_email(conn, email="leonekohler@surfeu.de")
        invoices = queries.invoices.of_customer(conn, customer_id=2)
        months = queries.invoices.monthly_revenue(conn, since=date(2021, 1, 1), until=date(2022, 1, 1))
        assert queries.customers.by_email(conn, email="nobody@example.com") is None
    assert top == [
        records.ArtistSales("Iron Maiden", 140, Decimal("138.60")),
        records.ArtistSales("U2", 107, Decimal("105.93")),
        records.ArtistSales("Metallica", 91, Decimal("90.09")),
    ]
    assert len(tracks) == 12
    assert tracks[0] == records.AlbumTrack(51, "We Die Young", "Jerry Cantrell", 152084, Decimal("0.99"))
    assert customer == records.Customer(2, "Leonie", "Köhler", None, "Germany")
    assert len(invoices) == 38
    assert invoices[0] == records.InvoiceWithLine(
        293, datetime(2024, 7, 13), Decimal("0.99"), "Boris The Spider", Decimal("0.99"), 1
    )
    assert [month.month for month in months] == [f"2021-{number:02}" for number in range(1, 13)]
    assert months[0] == records.MonthlyRevenue("2021-01", 6, Decimal("35.64"))


def test_an_invoice_inserted_and_rolled_back_leaves_nothing(
    chinook: pydb.Database, queries: pydb.Queries, records: Any
) -> None:
    """Inside the block the invoice has its key and total; after the rollback neither it nor a line exists."""
    with chinook.connect() as conn:
        invoice = queries.invoices.create(conn, customer_id=2, invoice_date=datetime(2026, 1, 31, 12))
        assert invoice == records.Invoice(413, 2, datetime(2026, 1, 31, 12), "Germany", Decimal(0))
        queries.invoices.add_track(conn, invoice_id=413, track_id=1, quantity=1)
        queries.invoices.add_track(conn, invoice_id=413, track_id=2819, quantity=2)
        assert queries.invoices.settle(conn, invoice_id=413) == 1
        assert queries.invoices.by_id(conn, invoice_id=413).total == Decimal("4.97")
        conn.rollback()
    with chinook.read() as conn:
        assert queries.invoices.count_all(conn) == 412
        assert queries.invoices.by_id(conn, invoice_id=413) is None


def test_an_invoice_that_was_committed_stays(chinook: pydb.Database, queries: pydb.Queries) -> None:
    """The next transaction reads a committed invoice, in the month of its date."""
    with chinook.begin() as conn:
        invoice = queries.invoices.create(conn, customer_id=2, invoice_date=datetime(2026, 1, 1))
    with chinook.read() as conn:
        assert queries.invoices.by_id(conn, invoice_id=invoice.invoice_id) == invoice
        months = queries.invoices.monthly_revenue(conn, since=date(2026, 1, 1), until=date(2026, 2, 1))
    assert [(month.month, month.invoices) for month in months] == [("2026-01", 1)]


def test_the_database_refuses_what_its_designers_forbade(chinook: pydb.Database, queries: pydb.Queries) -> None:
    """An unknown customer gets no invoice, and an unknown invoice gets no line."""
    with pytest.raises(NoRow, match=r"invoices\.create"), chinook.begin() as conn:
        queries.invoices.create(conn, customer_id=999, invoice_date=datetime(2026, 1, 1))
    with pytest.raises(ForeignKeyViolation, match=r"invoices\.add_track"), chinook.begin() as conn:
        queries.invoices.add_track(conn, invoice_id=999, track_id=1, quantity=1)


@pytest.mark.engines("sqlite")
def test_a_file_opened_to_be_read_only_is_not_changed(
    chinook: pydb.Database, queries: pydb.Queries, tmp_path: Path
) -> None:
    """With mode=ro the statements read, writing is refused, and no file is created beside the database."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    file = folder / "chinook.db"
    shutil.copyfile(chinook_file("sqlite"), file)
    before = file.read_bytes()
    with pydb.Database(f"sqlite:///file:{file}?mode=ro&uri=true") as database:
        with database.read() as conn:
            assert queries.invoices.count_all(conn) == 412
        with pytest.raises(pydb.errors.OperationalError, match="read-only"), database.begin() as conn:
            queries.invoices.settle(conn, invoice_id=1)
    assert file.read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["chinook.db"]


def test_the_tutorial_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/tutorial.md shows the files of docs/tutorial/, and its Python code and commands do what it says."""
    shutil.copyfile(chinook_file("sqlite"), tmp_path / "chinook.db")
    shutil.copytree(TUTORIAL, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    reader = Reader(tmp_path)
    for block in blocks(TUTORIAL.with_suffix(".md")):
        if block.file is not None:
            assert block.text in (TUTORIAL / block.file).read_text(encoding="utf-8"), f"line {block.line}"
        else:
            reader.follow(block)
