"""``pydb site``: a static site about the tables and the statements."""

from __future__ import annotations

import json

from tests.harness.projects import Project
from tests.harness.reviews import commit


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
    """A file of another author is not overwritten, and no other file is written."""
    project.write({"out/index.html": "mine"})
    done = project.pydb("site", "out")
    assert (done.code, "was not written by pydb site" in done.err) == (2, True)
    assert [file.name for file in (project.folder / "out").iterdir()] == ["index.html"]


def test_what_options_add(project: Project) -> None:
    """Callers and sizes are on the pages if they were requested."""
    project.generate()
    project.write(
        {"app/views.py": "from app.db import users\n\n\ndef show(conn):\n    return users.by_id(conn, id=1)\n"}
    )
    project.pydb("site", "out", "--callers", "app", "--sizes", "sqlite:///app.db")
    page = (project.folder / "out" / "statements" / "users.by_id.html").read_text()
    assert "app/views.py:5" in page
    assert "<dd>3</dd>" in (project.folder / "out" / "tables" / "users.html").read_text()


def test_prove(project: Project) -> None:
    """With --prove, each statement has its result; without it, the page says that it was not called."""
    project.pydb("site", "out", "--prove")
    assert "called, not refuted" in (project.folder / "out" / "statements" / "users.by_id.html").read_text()
    project.pydb("site", "out")
    assert "<dd>not called</dd>" in (project.folder / "out" / "statements" / "users.by_id.html").read_text()


def test_review(project: Project) -> None:
    """With --review, the site has a page of the changes since the revision; without it, no page and no link."""
    project.write({".gitignore": "__pycache__\n"})
    commit(project.folder)
    text = (project.folder / "sql" / "users.sql").read_text()
    project.write({"sql/users.sql": text.replace("WHERE id = :id;", "WHERE id > :id;", 1)})
    project.pydb("site", "out", "--review", "HEAD")
    page = (project.folder / "out" / "review.html").read_text()
    assert "<del>-WHERE id = :id;</del>" in page
    assert "<ins>+WHERE id &gt; :id;</ins>" in page
    assert 'href="statements/users.by_id.html"' in page
    project.pydb("site", "out")
    assert not (project.folder / "out" / "review.html").exists()
    assert "review.html" not in (project.folder / "out" / "index.html").read_text()


def test_findings(project: Project) -> None:
    """A finding of check is on the page of the statement and on that of the proof, and the site is written."""
    project.write({"sql/t.sql": "-- name: x :many\nSELECT nobody FROM users;\n"})
    done = project.pydb("site", "out")
    assert (done.code, done.out.startswith("1 table, 5 statements, 1 finding of pydb check: ")) == (0, True)
    assert "no such column: nobody" in (project.folder / "out" / "statements" / "t.x.html").read_text()
    assert "no such column: nobody" in (project.folder / "out" / "proof.html").read_text()


def test_unwanted_options(project: Project) -> None:
    """Invalid options are refused by name, and nothing is written."""
    done = project.pydb("site", "out", "--schema", "nowhere.sql")
    assert (done.code, done.err) == (2, "pydb: the schema script nowhere.sql does not exist\n")
    assert not (project.folder / "out").exists()


def test_an_engine_without_a_schema(project: Project) -> None:
    """A requested engine without a schema script is an error that says where to write the script."""
    (project.folder / "schema.sql").rename(project.folder / "other.sql")
    done = project.pydb("site", "out", "--engine", "sqlite")
    assert (done.code, "schema" in done.err) == (2, True)
    assert not (project.folder / "out").exists()
