"""The files of a site, as text; tests/integration/test_site.py opens them in a browser."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pytest

from tests.harness.sites import SCHEMA, STATEMENTS, files_in

EVIL = "\"'></title><script>alert(1)</script><!-- \u202e"


class Page(HTMLParser):
    """The parts of a page: tags, links, identifiers, and levels of headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each of these tags."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def ids(self) -> list[str]:
        """All identifiers."""
        return [value for _, attributes in self.tags if (value := attributes.get("id"))]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[PurePosixPath, str]:
    """The site of the small project."""
    return files_in(tmp_path_factory.mktemp("site"))


def html(files: dict[PurePosixPath, str]) -> dict[PurePosixPath, Page]:
    """The pages."""
    return {path: Page(text) for path, text in files.items() if path.suffix == ".html"}


def test_every_table_and_statement_has_a_page(files: dict[PurePosixPath, str]) -> None:
    """There is a page for each table and statement, and there are the shared pages."""
    assert {str(path) for path in files} == {
        *("index.html", "statements.html", "diagram.html", "proof.html", "site.css", "site.js", "search-index.js"),
        *("tables/customers.html", "tables/orders.html", "tables/buyers.html", "statements/customers.by_name.html"),
        *("statements/customers.search.html", "statements/customers.remove.html", "statements/orders.of_customer.html"),
    }


def test_links_lead_somewhere(files: dict[PurePosixPath, str]) -> None:
    """Every link leads to a file of the site, and to an identifier on that page."""
    pages = html(files)
    for path, page in pages.items():
        addresses = [item["href"] for tag in ("a", "link") for item in page.all(tag)]
        addresses += [item["src"] for item in page.all("script")]
        for address in filter(None, addresses):
            if address == "data:,":
                continue
            target, _, anchor = address.partition("#")
            parts: list[str] = []
            for part in [*path.parent.parts, *PurePosixPath(target).parts] if target else path.parts:
                if part == "..":
                    parts.pop()
                else:
                    parts.append(part)
            found = PurePosixPath(*parts)
            assert found in files, f"{path}: {address}"
            assert not anchor or anchor in pages[found].ids, f"{path}: {address}"


def test_headings_and_names(files: dict[PurePosixPath, str]) -> None:
    """Each page has one h1, no level is left out, identifiers are unique, and references to them are valid."""
    for path, page in html(files).items():
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        assert len(page.ids) == len(set(page.ids)), path
        for _, attributes in page.tags:
            for name in ("aria-labelledby", "aria-controls", "for"):
                assert set((attributes.get(name) or "").split()) <= set(page.ids), (path, attributes)


def test_landmarks(files: dict[PurePosixPath, str]) -> None:
    """A page has its language, a skip link, a main part and named navigation; a table has a caption and scopes."""
    for path, page in html(files).items():
        assert page.all("html") == [{"lang": "en"}]
        assert page.all("a")[0] == {"class": "skip", "href": "#main"}
        assert len(page.all("main")) == 1
        assert all(item.get("aria-label") for item in page.all("nav"))
        assert len(page.all("caption")) == len(page.all("table")), path
        assert all(item.get("scope") for item in page.all("th")), path
        assert len(page.all("title")) == 1 + len(page.all("desc")), path


def test_nothing_from_elsewhere(files: dict[PurePosixPath, str]) -> None:
    """No page has an address of the network, an inline script or an inline style."""
    for path, text in files.items():
        assert "http://www.w3.org" in text or "http" not in text.replace("http-equiv", ""), path
        if path.suffix == ".html":
            page = Page(text)
            assert all(item.get("src") for item in page.all("script")), path
            assert not page.all("style"), path
            assert not [attributes for _, attributes in page.tags if "style" in attributes or "onclick" in attributes]


def test_the_reason_and_the_comment_are_there(files: dict[PurePosixPath, str]) -> None:
    """A statement's page says why a column may be NULL; a table's page links the statement of an index."""
    page = files[PurePosixPath("statements/orders.of_customer.html")]
    assert "an outer join may find no row of customers" in page
    assert "<dd>not called</dd>" in page
    table = files[PurePosixPath("tables/orders.html")]
    assert 'For <a href="../statements/orders.of_customer.html">orders.of_customer</a>.' in table


def test_the_search_index(files: dict[PurePosixPath, str]) -> None:
    """Tables, columns, constraints, indexes and statements can be found."""
    text = files[PurePosixPath("search-index.js")]
    entries = json.loads(text[text.index("[") : text.rindex("]") + 1])
    kinds = {name: (kind, address) for name, kind, address, _ in entries}
    assert kinds["customers"] == ("table", "tables/customers.html")
    assert kinds["customers.name"] == ("column", "tables/customers.html#columns")
    assert kinds["orders_customer_id_idx"] == ("index", "tables/orders.html#indexes")
    assert kinds["customers_name_check"] == ("check", "tables/customers.html#constraints")
    assert kinds["orders_customer_id_fkey"] == ("foreign key", "tables/orders.html#references")
    assert kinds["orders.of_customer"][0] == "statement"


def test_hostile_names(tmp_path: Path) -> None:
    """Names, comments and texts with markup and invisible characters are shown as text, in every file."""
    quoted = EVIL.replace('"', '""')
    schema = f"""-- {EVIL}
CREATE TABLE "t{quoted}" (
    -- {EVIL}
    "c{quoted}" text DEFAULT '{EVIL.replace("'", "''")}',
    CONSTRAINT "k{quoted}" UNIQUE ("c{quoted}")
);
CREATE INDEX "i{quoted}" ON "t{quoted}" ("c{quoted}");
CREATE TABLE child (x text REFERENCES "t{quoted}" ("c{quoted}"));
"""
    statements = {"t.sql": f'-- name: x :many\n-- {EVIL}\nSELECT "c{quoted}" AS "a{quoted}" FROM "t{quoted}";\n'}
    plain = {len(page.all("script")) for page in html(files_in(tmp_path)).values()}
    (tmp_path / "other").mkdir()
    found = files_in(tmp_path / "other", schema, statements)
    for path, page in html(found).items():
        assert {len(page.all("script"))} == plain, path
        assert len(page.all("main")) == 1, path
    for path, text in found.items():
        assert "\u202e" not in text, path
        assert "<script>alert" not in text or path.suffix == ".js", path


def test_the_same_again(tmp_path: Path, files: dict[PurePosixPath, str]) -> None:
    """The same project gives the same bytes, except for the folder's name."""
    (tmp_path / "sql").mkdir()
    again = files_in(tmp_path, SCHEMA, STATEMENTS)
    assert set(again) == set(files)
    assert again[PurePosixPath("diagram.html")] == files[PurePosixPath("diagram.html")]
    assert again == files_in(tmp_path, SCHEMA, STATEMENTS)
