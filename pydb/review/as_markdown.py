"""A review for a pull request: a Review in, Markdown out.

What comes from files and databases stands in code, whose fence is longer than any in it, or is escaped: it cannot end
its block, and none of it is HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from pydb.review.model import Review
from pydb.review.pages import Page, Section, page_of, schema_sections, verdict
from pydb.support.escapes import escaped

__all__ = ["review_markdown"]

_SPECIAL = re.compile(r"([\\`*_\[\]#!|~$@])")
_TICKS = re.compile(r"`+")


def review_markdown(review: Review) -> str:
    """A table of all statements, and each one's page; sections that say nothing new are closed."""
    return "\n".join(_lines(review))


def _lines(review: Review) -> Iterator[str]:
    yield f"# SQL review since {_plain(review.revision)}"
    yield ""
    yield _plain(verdict(review))
    pages = [page_of(change) for change in review.changes]
    if pages:
        yield from ("", "| statement | change | plans | rolling deploy |", "|---|---|---|---|")
        yield from (_row(page) for page in pages)
    for section in schema_sections(review):
        yield ""
        yield from _details(Section(f"schema: {section.title}", section.lines), is_open=False)
    for page in pages:
        yield from ("", f"## {_code(page.name)}: {_plain(page.what)}", "", _code(page.place))
        for section in page.sections:
            yield ""
            yield from _details(section, is_open=section.is_change)


def _row(page: Page) -> str:
    deploy = f"**{page.deploy}**" if page.deploy.isupper() else page.deploy
    return f"| {_code(page.name)} | {_plain(page.what)} | {page.plans} | {deploy} |"


def _details(section: Section, *, is_open: bool) -> Iterable[str]:
    text = escaped("\n".join(section.lines), keep="\n\t")
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    return (
        f"<details{' open' if is_open else ''}><summary>{escape(escaped(section.title))}</summary>",
        "",
        f"{fence}{section.form}",
        *text.split("\n"),
        fence,
        "",
        "</details>",
    )


def _plain(text: str) -> str:
    """Text that is nothing but itself."""
    return escape(_SPECIAL.sub(r"\\\1", escaped(text)), quote=False)


def _code(text: str) -> str:
    """Text in code inside of a line, in the cell of a table too."""
    text = escaped(text).replace("|", "\\|")
    ticks = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"
