"""The site in a real browser: generated from SQL, opened as files, searched, read in dark colours, and printed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pydb.check import Inputs
from pydb.generate.files import write
from pydb.site.facts import SiteInputs, gather
from pydb.site.files import site_changes, site_mark
from pydb.site.pages import site_files
from tests.conftest import PROJECT, SCHEMAS
from tests.harness.browser import PROGRAM, Browser, opened_browser
from tests.harness.large_schema import large_schema
from tests.harness.sites import files_in

pytestmark = [pytest.mark.deep, pytest.mark.xdist_group("browser")]

WIDE, NARROW = (1280, 900), (400, 800)

CONTRASTS = """
(() => {
    const light = (color) => {
        const parts = color.match(/[\\d.]+/g).map(Number);
        const linear = parts.slice(0, 3).map((part) => {
            const share = part / 255;
            return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            if (at.tagName === "svg") { return getComputedStyle(at.querySelector("rect") || at.parentElement).fill; }
            const color = getComputedStyle(at).backgroundColor;
            if (color !== "rgba(0, 0, 0, 0)") { return color; }
        }
        return "rgb(255, 255, 255)";
    };
    const low = new Set();
    document.querySelectorAll("body *").forEach((element) => {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        const hidden = element.closest(".visually-hidden, title, desc, .skip");
        if (!own || hidden || !element.getClientRects().length) { return; }
        const style = getComputedStyle(element);
        const color = element.ownerSVGElement ? style.fill : style.color;
        const back = behind(element);
        const [one, other] = [light(color), light(back)].sort((a, b) => b - a);
        const contrast = (one + 0.05) / (other + 0.05);
        if (contrast < 4.5) { low.add(`${element.tagName}.${element.className} ${color} on ${back}: ${contrast}`); }
    });
    return [...low];
})()
"""

CUT = """
[...document.querySelectorAll("svg .box")].flatMap((box) => {
    const frame = box.querySelector("rect").getBBox();
    return [...box.querySelectorAll("text")].filter((text) => {
        const size = text.getBBox();
        return size.x < frame.x || size.x + size.width > frame.x + frame.width
            || size.y < frame.y || size.y + size.height > frame.y + frame.height;
    }).map((text) => text.textContent);
})
"""

OVERLAPS = """
(() => {
    const boxes = [...document.querySelectorAll("svg .box rect")].map((rect) => rect.getBBox());
    let found = 0;
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
        found += a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    }));
    return found;
})()
"""


def made(folder: Path, title: str, sql: Path, schema: Path) -> Path:
    """A site that is written into the folder."""
    inputs = SiteInputs(title, Inputs(str(sql), {"sqlite": str(schema)}), {"sqlite": None})
    mark = site_mark(title, "sql")
    write(site_changes(folder, site_files(gather(inputs), mark), mark))
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's site."""
    return made(tmp_path_factory.mktemp("sample") / "the site", "sample", PROJECT / "sql", Path(SCHEMAS["sqlite"]))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of sixty tables."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "sql").mkdir()
    (folder / "sql" / "shop.sql").write_text("-- name: all :many\nSELECT id, name FROM shop_products;\n")
    (folder / "schema.sql").write_text(large_schema())
    return made(folder / "site", "large", folder / "sql", folder / "schema.sql")


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for all tests of this file."""
    if PROGRAM is None:
        if os.environ.get("PYDB_REQUIRE_SERVERS"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with opened_browser(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(tab: Browser) -> Browser:
    """The browser with a window of the default size and light colours."""
    tab.resize(*WIDE)
    tab.prefer("light")
    return tab


PAGES = (
    "index.html",
    "statements.html",
    "diagram.html",
    "proof.html",
    "tables/users.html",
    "statements/blog_posts.search.html",
)


def test_nothing_goes_wrong(site: Path, browser: Browser) -> None:
    """No page has an error in the console, or requests a file outside the site."""
    for page in PAGES:
        browser.open(site / page)
        assert browser.ask("document.querySelector('main').innerText.length") > 100
    assert browser.complaints() == []
    assert {address for address in browser.requests() if not address.startswith(site.as_uri())} <= {"about:blank"}


def test_search_by_keyboard(site: Path, browser: Browser) -> None:
    """The slash key selects the search, arrows choose, and Enter opens the page, also from a page in a folder."""
    browser.open(site / "tables" / "users.html")
    browser.press("/")
    assert browser.ask("document.activeElement.id") == "search"
    browser.type("users email")
    names = "[...document.querySelectorAll('#results li span:nth-child(2)')].map((item) => item.textContent)"
    found = browser.ask(names)
    assert found[0] == "users.email"
    assert {"users_email_key", "users.by_email"} <= set(found)
    assert browser.ask("document.getElementById('found').textContent") == f"{len(found)} results"
    browser.press("ArrowDown")
    chosen = browser.ask("document.querySelector('#results [aria-selected=true]').id")
    assert (
        chosen == browser.ask("document.getElementById('search').getAttribute('aria-activedescendant')") == "result-1"
    )
    browser.press("ArrowUp")
    browser.press("ArrowUp")
    assert browser.ask("document.querySelector('#results [aria-selected=true]').id") == f"result-{len(found) - 1}"
    browser.press("Escape")
    assert browser.ask("document.getElementById('results').hidden") is True
    browser.ask("document.getElementById('search').select()")
    browser.type("users.by_email")
    browser.follow("Enter")
    assert browser.ask("document.querySelector('h1').firstChild.textContent.trim()") == "users.by_email"


def test_a_name_that_nobody_has(site: Path, browser: Browser) -> None:
    """The search reports that nothing is found, and typed text is never markup."""
    browser.open(site / "index.html")
    browser.press("/")
    browser.type("<img src=x onerror=alert(1)>")
    assert browser.ask("document.getElementById('results').innerText") == "No results."
    assert browser.ask("document.getElementById('found').textContent") == "no results"
    assert browser.ask("document.images.length") == 0


def test_the_keyboard_alone(site: Path, browser: Browser) -> None:
    """The first Tab shows the skip link, Enter goes to the content, and the focus has an outline."""
    browser.open(site / "index.html")
    browser.press("Tab")
    assert browser.ask("document.activeElement.className") == "skip"
    assert browser.ask("document.activeElement.getBoundingClientRect().left >= 0") is True
    browser.press("Enter")
    assert browser.ask("document.activeElement.id") == "main"
    browser.press("Tab")
    browser.press("Tab")
    assert browser.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(site: Path, browser: Browser, scheme: str) -> None:
    """All text of the pages has a contrast of at least 4.5, in light and in dark colours."""
    browser.prefer(scheme)
    for page in PAGES:
        browser.open(site / page)
        assert browser.ask(CONTRASTS) == [], page


def test_light_and_dark_differ(site: Path, browser: Browser) -> None:
    """The pages follow the setting of the system."""
    browser.open(site / "index.html")
    light = browser.ask("getComputedStyle(document.body).backgroundColor")
    browser.prefer("dark")
    assert browser.ask("getComputedStyle(document.body).backgroundColor") != light


def test_a_narrow_window(site: Path, browser: Browser) -> None:
    """On a telephone, no page is wider than the window: tables and diagrams scroll separately."""
    browser.resize(*NARROW)
    for page in PAGES:
        browser.open(site / page)
        assert browser.ask("document.documentElement.scrollWidth <= window.innerWidth"), page
    browser.open(site / "diagram.html")
    assert browser.ask("document.querySelector('.drawing').scrollWidth > window.innerWidth")


@pytest.mark.parametrize("page", ["diagram.html", "tables/tenants.html", "tables/shop_orders.html"])
def test_sixty_tables(large: Path, browser: Browser, page: str) -> None:
    """As the browser draws the diagram, no box overlaps another, and no text leaves its box."""
    browser.open(large / page)
    assert browser.ask(OVERLAPS) == 0
    assert browser.ask(CUT) == []


def test_the_whole_has_every_table(large: Path, browser: Browser) -> None:
    """Each of sixty tables has a box that links to its page, and the focus marks a box and its neighbours."""
    browser.open(large / "diagram.html")
    assert browser.ask("new Set([...document.querySelectorAll('svg .box')].map((box) => box.dataset.table)).size") == 60
    browser.ask("document.querySelector('[data-table=shop_orders]').focus()")
    assert browser.ask("document.querySelector('#whole').classList.contains('dim')") is True
    near = browser.ask("[...document.querySelectorAll('#whole .box.on')].map((box) => box.dataset.table)")
    assert "shop_orders" in near
    assert {"tenants", "users"} & set(near)
    assert len(near) < 12
    browser.ask("document.querySelector('[data-table=tenants]').focus()")
    assert browser.ask("document.querySelectorAll('#whole .box.on').length") == 40
    address = browser.ask("document.querySelector('[data-table=shop_orders]').href.baseVal")
    assert (large / address).is_file()


def test_what_a_screen_reader_gets(site: Path, browser: Browser) -> None:
    """The diagram has a name and a description, and its boxes are links with names."""
    browser.open(site / "tables" / "users.html")
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    named = {(node["role"]["value"], node.get("name", {}).get("value")) for node in nodes if not node["ignored"]}
    assert ("link", "blog_posts user_id") in named or ("link", "blog_posts") in named
    assert "Diagram of users and its neighbours" in {name for _, name in named}
    roles = {role for role, _ in named}
    assert {"banner", "main", "navigation", "search", "contentinfo", "combobox"} <= roles
    assert ("table", "The columns of users") in named


def test_print(site: Path, browser: Browser) -> None:
    """On paper there are no menus, and closed sections are open."""
    browser.open(site / "statements" / "blog_posts.search.html")
    pdf = browser.pdf()
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) < 12
    assert browser.ask("[...document.querySelectorAll('details')].every((item) => item.open)") is True
    browser.prefer("light", "print")
    browser.resize(794, 1123)
    assert browser.ask("getComputedStyle(document.querySelector('.top')).display") == "none"
    assert browser.ask("document.documentElement.scrollWidth <= window.innerWidth") is True


def test_hostile_names(tmp_path: Path, browser: Browser) -> None:
    """Names and comments that contain scripts are shown as text, also in the search results."""
    evil = "</script><img src=x onerror=hacked=1><script>hacked=1</script>"
    schema = f'-- {evil}\nCREATE TABLE "t{evil}" ("c{evil}" text);\n'
    statements = {"t.sql": f'-- name: x :many\n-- {evil}\nSELECT "c{evil}" FROM "t{evil}";\n'}
    for path, text in files_in(tmp_path, schema, statements).items():
        file = tmp_path / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    before = len(browser.complaints())
    for page in sorted((tmp_path / "site").rglob("*.html")):
        browser.open(page)
        assert browser.ask("typeof hacked") == "undefined", page
        assert browser.ask("document.images.length") == 0, page
    browser.press("/")
    browser.type("onerror")
    assert browser.ask("document.querySelectorAll('#results li').length") == 3
    assert browser.ask("document.images.length") == 0
    assert len(browser.complaints()) == before
