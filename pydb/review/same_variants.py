"""Variants to compare: a statement before and after in; the keys of the same variants of both out.

Of a statement with many variants not all are described, and which ones are chosen depends on its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydb.sqlfile.definition import Definition
from pydb.sqlfile.variants import Key, chosen, key_from, label

__all__ = ["same_variants"]


def same_variants(old: Definition | None, new: Definition | None) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """The keys of the old statement and of the new one: those chosen of either, as far as the other has them."""
    known = [item for item in (old, new) if item is not None and item.optional]
    labels = dict.fromkeys(label(item, key) for item in known for key in chosen(item))
    before, after = (() if item is None else tuple(_keys(item, labels)) for item in (old, new))
    return before, after


def _keys(definition: Definition, labels: Iterable[str]) -> Iterator[Key]:
    for text in labels:
        try:
            yield key_from(definition, filter(None, text.split(",")))
        except ValueError:
            # A name or a state that this version does not have.
            continue
