"""The addresses of pages."""

from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from pydb.site.links import links_of, relative


def test_plain_names() -> None:
    """A plain name is the name of the file."""
    links = links_of(["users"], ["users.by_id"])
    assert str(links.tables["users"]) == "tables/users.html"
    assert str(links.statements["users.by_id"]) == "statements/users.by_id.html"


@given(st.lists(st.text(), unique=True, max_size=8))
def test_any_names(names: list[str]) -> None:
    """Whatever the names of tables, each has its own file inside the folder, on every file system."""
    paths = links_of(names, ()).tables
    assert len({str(path).lower() for path in paths.values()}) == len(names)
    for path in paths.values():
        assert path.parent == PurePosixPath("tables")
        assert path.name.isascii()
        assert not path.name.startswith(".")
        assert len(path.name) <= 120
        assert not set(path.name) & set('/\\:*?"<>|%# ')


def test_case() -> None:
    """Two names that differ only in case are two files, also on a file system that ignores case."""
    paths = links_of(["Users", "users"], ()).tables
    assert len({str(path).lower() for path in paths.values()}) == 2


def test_a_name_in_another_case() -> None:
    """A table's name may have another case in SQL."""
    links = links_of(["Users"], ())
    assert (links.table_named("USERS"), links.table_named("other")) == ("Users", None)


def test_relative() -> None:
    """A relative address of a page in a folder begins with the folder above."""
    assert relative(PurePosixPath("site.css"), PurePosixPath("tables/a.html")) == "../site.css"
    assert relative(PurePosixPath("tables/a.html"), PurePosixPath("index.html")) == "tables/a.html"
