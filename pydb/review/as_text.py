"""Write a review for a terminal: a Review in, text out.  The text must be escaped when it is printed."""

from __future__ import annotations

from collections.abc import Iterator

from pydb.review.model import Review
from pydb.review.pages import page_of, schema_sections, verdict

__all__ = ["review_text"]


def review_text(review: Review) -> str:
    """The pages one after the other, and the closing line."""
    return "\n".join(_lines(review))


def _lines(review: Review) -> Iterator[str]:
    for section in schema_sections(review):
        yield f"schema: {section.title}"
        yield from (f"    {line}".rstrip() for line in section.lines)
        yield ""
    for page in map(page_of, review.changes):
        yield f"{page.name}: {page.what}, {page.place}"
        for section in page.sections:
            yield f"  {section.title}"
            yield from (f"    {line}".rstrip() for text in section.lines for line in text.split("\n"))
        yield ""
    yield verdict(review)
