"""The documentation is true: its files, Python code and commands are run as a reader would run them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import pydb
from pydb.cli import cli
from pydb.lint import lint
from tests.harness.documents import DOCUMENTS, PROJECT, Reader, blocks

EVERYTHING = "\n".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
# These pages begin with a database or a project that exists already; other tests follow them.
ELSEWHERE = ("adding-an-engine.md", "check.md", "for-dbas.md", "testing.md", "tutorial.md")
FOLLOWED = [document for document in DOCUMENTS if document.name not in ELSEWHERE]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@pytest.mark.parametrize("document", FOLLOWED, ids=lambda path: path.name)
def test_what_a_document_shows_happens(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every block of a document, run from the top in a new folder, prints what the document says."""
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path)
    for block in blocks(document):
        reader.follow(block)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    """Every link of a document to a file or a heading of this project is valid."""
    for path, heading in LINK.findall(document.read_text(encoding="utf-8")):
        target = document.parent / path if path else document
        assert target.exists(), f"{document.name}: {path}"
        if heading:
            assert heading in _anchors(target), f"{document.name}: {path}#{heading}"


def test_the_misspelled_column_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pydb prove` finds the column that the README misspells in the sample, and prints the line in the README."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    change = re.search(r"in `(\S+)`, change `([^`]+)` to `([^`]+)`", readme)
    assert change
    shutil.copytree(PROJECT / "sql", tmp_path / "sql")
    for name in ("schema.sql", "pyproject.toml"):
        shutil.copy(PROJECT / name, tmp_path)
    (file := tmp_path / change[1]).write_text(
        file.read_text(encoding="utf-8").replace(change[2], change[3]), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["prove", *re.findall(r"make prove NAME=(\S+)", readme)])
    assert done.output.splitlines()[0] in readme
    assert f"`{len(pydb.load(PROJECT / 'sql'))} statements, … calls on SQLite: not refuted`" in readme


def test_the_readme_has_the_times_of_the_benchmarks() -> None:
    """The README's times of a read of one row are those of docs/benchmarks.md."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    page = (PROJECT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    times = re.findall(r"^\| point read, plain record \| (\w+) \| \S+ \| (\S+) \|", page, re.MULTILINE)
    assert len(times) == 3
    for engine, ratio in times:
        assert f"{ratio} ({engine})" in readme


def test_every_page_is_linked_from_the_readme() -> None:
    """From the README, a reader can reach every page of docs/ by links."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    pages = [document.name for document in DOCUMENTS if document.parent.name == "docs"]
    assert not [page for page in pages if f"](docs/{page})" not in readme]


def test_every_command_is_documented() -> None:
    """The documentation has each command and sub-command of pydb by its full name."""
    missing = [name for name in _commands(cli, "pydb") if not re.search(rf"`{name}\b", EVERYTHING)]
    assert not missing


def test_every_make_target_is_documented() -> None:
    """The documentation has each target of the Makefile except help."""
    targets = re.findall(r"^([a-z]+):.*##", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert targets
    assert not [target for target in targets if target != "help" and f"make {target}" not in EVERYTHING]


def test_every_public_name_is_documented() -> None:
    """The documentation has each name that pydb and pydb.errors export, as code."""
    names = {*pydb.__all__, *pydb.errors.__all__}
    assert not [name for name in sorted(names) if not re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`", EVERYTHING)]


def _commands(command: click.Command, name: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        inner = command.get_command(context, word)
        assert inner is not None
        yield from _commands(inner, f"{name} {word}")


def _anchors(document: Path) -> set[str]:
    """The anchors that GitHub makes from the headings."""
    headings = HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.deep
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_statements_in_documents_lint_clean(document: Path, tmp_path: Path) -> None:
    """`pydb lint` accepts every statement that a document shows."""
    # The tutorial's schema is in capitals, two pages show findings of lint and check, and one has a file of another
    # tool.
    if document.name in ("tutorial.md", "command-line.md", "check.md", "from-other-tools.md"):
        pytest.skip("it shows SQL that lint refuses")
    for number, block in enumerate(blocks(document)):
        if block.language == "sql" and "-- name:" in block.text:
            engines = ("postgresql", "mariadb", "sqlite")
            engine = next((name for name in engines if name in (block.file or "") + block.before.lower()), "")
            file = tmp_path / str(number) / engine / "q.sql"
            file.parent.mkdir(parents=True)
            file.write_text(block.text, encoding="utf-8")
            assert lint(str(tmp_path / str(number)), {}).findings == ()
