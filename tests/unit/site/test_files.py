"""The owner of a site's files, and the changes in its folder."""

from pathlib import Path, PurePosixPath

import pytest

from pydb.errors import PydbError
from pydb.generate.files import write
from pydb.site.files import site_changes, site_mark

MARK = site_mark("shop", "sql")
PAGE = f"<!DOCTYPE html>\n<!-- {MARK} -->\n"
FILES = {PurePosixPath("index.html"): PAGE, PurePosixPath("tables/a.html"): PAGE}


def test_new_files(tmp_path: Path) -> None:
    """All files are written into a new folder, and the second time nothing changes."""
    write(site_changes(tmp_path / "site", FILES, MARK))
    assert (tmp_path / "site" / "tables" / "a.html").read_text() == PAGE
    assert not site_changes(tmp_path / "site", FILES, MARK)


def test_what_is_stale_or_gone(tmp_path: Path) -> None:
    """A page that differs is written again, a page without a table is removed, and other files are not changed."""
    write(site_changes(tmp_path, FILES, MARK))
    (tmp_path / "index.html").write_text(PAGE + "old")
    (tmp_path / "tables" / "notes.html").write_text("mine")
    changes = site_changes(tmp_path, {PurePosixPath("index.html"): PAGE}, MARK)
    assert (set(changes.texts), changes.gone) == ({PurePosixPath("index.html")}, (PurePosixPath("tables/a.html"),))
    write(changes)
    assert [file.name for file in sorted((tmp_path / "tables").iterdir())] == ["notes.html"]


@pytest.mark.parametrize("text", ["mine", "", f"<!-- {site_mark('other', 'sql')} -->\n"])
def test_a_file_of_somebody_else(tmp_path: Path, text: str) -> None:
    """A file of another author is not replaced, and nothing is written."""
    (tmp_path / "index.html").write_text(text)
    with pytest.raises(PydbError, match="not overwritten"):
        site_changes(tmp_path, FILES, MARK)
    assert (tmp_path / "index.html").read_text() == text


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link instead of a file or folder is refused, because its target may belong to something else."""
    (tmp_path / "real").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "tables").symlink_to(tmp_path / "real")
    with pytest.raises(PydbError, match="link"):
        site_changes(tmp_path / "site", FILES, MARK)
    (tmp_path / "site" / "tables").unlink()
    (tmp_path / "real" / "index.html").write_text(PAGE)
    (tmp_path / "site" / "index.html").symlink_to(tmp_path / "real" / "index.html")
    with pytest.raises(PydbError, match="not overwritten"):
        site_changes(tmp_path / "site", FILES, MARK)


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    """The file is refused by its name."""
    (tmp_path / "tables").write_text("")
    with pytest.raises(PydbError, match="must be a folder"):
        site_changes(tmp_path, FILES, MARK)


@pytest.mark.parametrize("title", ["a --> b", "a */ b", "a\nb", "--!>"])
def test_a_title_that_would_end_the_mark(title: str) -> None:
    """No title ends the comment that contains it."""
    mark = site_mark(title, "sql")
    assert not any(word in mark for word in ("-->", "--!>", "*/", "\n"))
