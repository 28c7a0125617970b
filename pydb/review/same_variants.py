"""Choose variants to compare: a statement before and after in; the keys of variants that exist in both out.

If a statement has many variants, only some are described; the choice depends on its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydb.sqlfile.definition import Definition
from pydb.sqlfile.variants import Key, chosen, key_from, label

__all__ = ["same_variants"]


def same_variants(old: Definition | None, new: Definition | None) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """The keys of the old and the new statement: those chosen for either one that also exist in the other."""
    known = [item for item in (old, new) if item is not None and item.optional]
    labels = dict.fromkeys(label(item, key) for item in known for key in chosen(item))
    before, after = (() if item is None else tuple(_keys(item, labels)) for item in (old, new))
    return before, after


def _keys(definition: Definition, labels: Iterable[str]) -> Iterator[Key]:
    for text in labels:
        try:
            yield key_from(definition, filter(None, text.split(",")))
        except ValueError:
            # This version does not have the name or the state.
            continue
