"""Annotations and type words, and their kinds, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pydb.sqlfile.type_words import SCALARS
from pydb.values.kinds import Kind, kind_named, kind_of, word_of
from tests.harness.kinds import KINDS, Colour


@pytest.mark.parametrize(("annotation", "kind"), KINDS, ids=[str(annotation) for annotation, _ in KINDS])
def test_kinds(annotation: Any, kind: Kind) -> None:
    """Each annotation that a column can have is a kind."""
    assert kind_of(annotation) == kind


@pytest.mark.parametrize("annotation", [set, tuple[int, ...], complex, int | str, "nonsense", None, type, 5])
def test_no_kinds(annotation: Any) -> None:
    """An annotation that no column can have raises TypeError."""
    with pytest.raises(TypeError, match="type"):
        kind_of(annotation)


def test_words() -> None:
    """Each type word of a directive names a kind that is spelled by that word, except for synonyms."""
    words = ["int", "float", "str", "bool", "bytes", "bytearray", "memoryview", "Decimal", "date", "time", "datetime"]
    for word in [*words, "AwareDatetime", "timedelta", "UUID", "json", "dict", "list"]:
        kind = kind_named(word, True, {})
        assert kind is not None
        assert (word_of(kind), kind.nullable) == (word, True)
    assert kind_named("Colour", False, {"Colour": Colour}) == Kind(Colour)
    assert kind_named("Nothing", False, {}) is None


def test_the_page_has_every_type() -> None:
    """docs/values.md has a row for every type word."""
    page = (Path(__file__).parents[3] / "docs" / "values.md").read_text(encoding="utf-8")
    rows = "".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    assert {word for word in SCALARS if word not in ("json", "any") and f"{word}`" not in rows} == set()
