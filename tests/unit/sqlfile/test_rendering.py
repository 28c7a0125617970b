"""The text of a form's parts for different readers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pydb.sqlfile.definition import Placeholder
from pydb.sqlfile.rendering import as_written, by_name, name_comment, named_in, render, render_with_offsets

PARTS = ("SELECT a WHERE b = ", Placeholder("b"), " AND c IN ", Placeholder("c", sequence=True), " AND d")


def test_spelling() -> None:
    """The reader writes the parameters, and lists in brackets; text may be changed too."""
    assert render(PARTS, as_written) == "SELECT a WHERE b = :b AND c IN (:c) AND d"
    assert render(PARTS, by_name(lambda _: "?")) == "SELECT a WHERE b = ? AND c IN (?) AND d"
    assert render(PARTS, as_written, str.lower).startswith("select a where b = :b")


def test_names() -> None:
    """The comment with the name is removed only at the beginning of a statement."""
    for name in ("users.by_id", "posts.search[statuses,order=oldest,manager_id=null]"):
        assert named_in(f"{name_comment(name)}SELECT 1") == name
    assert named_in("SELECT 1 /* users.by_id */ ") is None
    assert named_in(None) is None


PIECES = st.lists(
    st.one_of(st.text("ab ", min_size=1, max_size=5), st.builds(Placeholder, st.just("xyz"), st.booleans()))
)


@given(PIECES, st.sampled_from(["?", "$1", ":a_long_name"]))
def test_the_way_back(parts: list[str | Placeholder], mark: str) -> None:
    """An offset in the sent text leads to the same character in the text as written."""
    sent, back = render_with_offsets(parts, by_name(lambda _: mark))
    written = render(parts, as_written)
    for offset, character in enumerate(sent):
        if character in "ab ":
            in_mark = any(
                start <= offset < start + len(render([part], by_name(lambda _: mark)))
                for part, start in zip(parts, _starts(parts, mark), strict=True)
                if isinstance(part, Placeholder)
            )
            assert in_mark or written[back(offset)] == character


def _starts(parts: list[str | Placeholder], mark: str) -> list[int]:
    starts, place = [], 0
    for part in parts:
        starts.append(place)
        place += len(render([part], by_name(lambda _: mark)))
    return starts
