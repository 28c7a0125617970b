"""Write a review for a pull request: a Review in, Markdown out.

Text from files and databases is escaped, or in a code block whose fence is longer than any fence in the text.  So the
text cannot end its block, and it is never HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from pydb.review.model import Review
from pydb.review.pages import Page, Section, page_of, schema_sections, verdict
from pydb.support.escapes import escaped

__all__ = ["LONGEST", "review_markdown"]

LONGEST = 65_000
"""The maximum number of characters of a document; GitHub's limit for a comment is 65,536."""

_SPECIAL = re.compile(r"([\\`*_\[\]#!|~$@])")
_TICKS = re.compile(r"`+")


def review_markdown(review: Review) -> str:
    """A table of all statements, and the page of each.  Sections without a difference are closed.

    Statements that make a deploy unsafe are first.  A line says how many pages do not fit.
    """
    changes = sorted(review.changes, key=lambda change: not change.unsafe)
    pages = [page_of(change) for change in changes]
    lines = [f"# SQL review since {_plain(review.revision)}", "", _plain(verdict(review)), *_table(pages)]
    schemas = [
        _details(Section(f"schema: {part.title}", part.lines), is_open=False) for part in schema_sections(review)
    ]
    room = LONGEST - sum(len(line) + 1 for line in lines)
    left = 0
    for part in (*schemas, *map(_page, pages)):
        block = ["", *part]
        room -= (size := sum(len(line) + 1 for line in block))
        if room < 0:
            room, left = room + size, left + 1
        else:
            lines += block
    if left:
        lines += [
            "",
            f"{left} more pages or schemas do not fit here: {_code(f'pydb review {review.revision}')} shows all.",
        ]
    return "\n".join(lines)


def _table(pages: Sequence[Page]) -> Iterator[str]:
    if pages:
        yield from ("", "| statement | change | plans | rolling deploy |", "|---|---|---|---|")
        yield from (_row(page) for page in pages)


def _page(page: Page) -> Iterator[str]:
    yield from (f"## {_code(page.name)}: {_plain(page.what)}", "", _code(page.place))
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
    """Plain text, escaped so that no character is Markdown or HTML."""
    return escape(_SPECIAL.sub(r"\\\1", escaped(text)), quote=False)


def _code(text: str) -> str:
    """Text as inline code that is valid in the cell of a table."""
    text = escaped(text).replace("|", "\\|")
    ticks = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"
