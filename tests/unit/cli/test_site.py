"""``pydb site``: a static site about the tables and the statements."""

from __future__ import annotations

import json

from tests.harness.projects import Project


def test_it_is_written(project: Project) -> None:
    """The pages are written; a second run changes nothing."""
    assert project.pydb("site", "out").out == "1 table, 4 statements: 12 files written; open out/index.html\n"
    assert "users.by_id" in (project.folder / "out" / "statements.html").read_text()
    assert project.pydb("site", "out").out == "1 table, 4 statements: out is current\n"


def test_check(project: Project) -> None:
    """With --check a stale page is a finding, nothing is written, and the exit code is 1."""
    assert project.pydb("site", "out", "--check").code == 1
    assert not (project.folder / "out").exists()
    project.pydb("site", "out")
    assert project.pydb("site", "out", "--check").code == 0
    page = project.folder / "out" / "tables" / "users.html"
    page.write_text(page.read_text().replace("users", "people", 1))
    stale = page.read_text()
    done = project.pydb("site", "out", "--check", "--format", "json")
    assert done.code == 1
    assert [item["file"] for item in json.loads(done.out)["findings"]] == ["out/tables/users.html"]
    assert page.read_text() == stale


def test_the_title(project: Project) -> None:
    """The site has the project's name, or that of --title."""
    project.pydb("site", "one")
    project.write({"pyproject.toml": '[project]\nname = "shop"\n' + (project.folder / "pyproject.toml").read_text()})
    project.pydb("site", "two")
    project.pydb("site", "three", "--title", "The <shop>")
    titles = [(project.folder / name / "index.html").read_text() for name in ("one", "two", "three")]
    assert [name in text for name, text in zip(("Database", "shop", "The &lt;shop&gt;"), titles, strict=True)] == [
        True
    ] * 3


def test_a_file_of_somebody_else(project: Project) -> None:
    """It is not overwritten, and nothing else is written."""
    project.write({"out/index.html": "mine"})
    done = project.pydb("site", "out")
    assert (done.code, "was not written by pydb site" in done.err) == (2, True)
    assert [file.name for file in (project.folder / "out").iterdir()] == ["index.html"]


def test_what_options_add(project: Project) -> None:
    """Callers and sizes stand on the pages where they were asked for."""
    project.generate()
    project.write(
        {"app/views.py": "from app.db import users\n\n\ndef show(conn):\n    return users.by_id(conn, id=1)\n"}
    )
    project.pydb("site", "out", "--callers", "app", "--sizes", "sqlite:///app.db")
    page = (project.folder / "out" / "statements" / "users.by_id.html").read_text()
    assert "app/views.py:5" in page
    assert "<dd>3</dd>" in (project.folder / "out" / "tables" / "users.html").read_text()


def test_prove(project: Project) -> None:
    """With --prove each statement says whether it held; without, that it was not proven here."""
    project.pydb("site", "out", "--prove")
    assert "called, not refuted" in (project.folder / "out" / "statements" / "users.by_id.html").read_text()
    project.pydb("site", "out")
    assert "not proven here" in (project.folder / "out" / "statements" / "users.by_id.html").read_text()
