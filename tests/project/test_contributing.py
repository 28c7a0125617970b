"""CONTRIBUTING.md: the files that it lists, and the hooks that run before a commit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pydb.check.codes import CODES
from pydb.cli import cli
from pydb.engines import engine_names, registration
from pydb.sqlfile.row_word import RowWord
from pydb.sqlfile.type_words import SCALARS

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## Add an? ([\w ]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
FILES = [
    (kind, example, file)
    for kind, text in SECTIONS.items()
    for example in re.findall(r"(?:such as|Those of) `(\w+)`:", text)
    for file in re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
]
SPELLED = {"row word": r"\b{0}\b|:{0}|{0}s\b|_{0}\b", "command": r"\b{0}(?:\b|_command)"}


def test_each_section_has_an_example_that_exists() -> None:
    """The type word, the code, the row word, the engine and the command that the page shows exist in pydb."""
    known = {
        "type word": set(SCALARS),
        "check code": set(CODES),
        "row word": {str(word) for word in RowWord},
        "engine": set(engine_names()),
        "command": set(cli.list_commands(None)),  # type: ignore[arg-type]
    }
    examples = {kind: example for kind, example, _ in FILES}
    assert set(examples) == set(known) == set(SECTIONS)
    assert all(example in known[kind] for kind, example in examples.items())


@pytest.mark.parametrize(("kind", "example", "file"), FILES, ids=[f"{kind}: {file}" for kind, _, file in FILES])
def test_each_file_mentions_the_example(kind: str, example: str, file: str) -> None:
    """A file in a section's list exists, and has the section's example in its text or its name."""
    text = (PROJECT / file).read_text(encoding="utf-8")
    assert example in file or re.search(SPELLED.get(kind, r"\b{0}\b").format(example), text)


def test_the_parts_of_an_engine_are_all_listed() -> None:
    """The page has every part of a registered engine."""
    parts = [part for part in registration("mariadb").parts.values() if isinstance(part, str)]
    modules = {part.partition(":")[0].replace(".", "/") + ".py" for part in parts}
    assert modules <= {file for kind, _, file in FILES if kind == "engine"}


def test_hooks_run_what_is_installed() -> None:
    """Every hook is local, and the set-up installs its program."""
    (repository,) = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local"
    programs = {hook["entry"].split()[0] for hook in repository["hooks"]}
    assert programs == {".venv/bin/ruff", ".venv/bin/mypy", ".venv/bin/pydb"}
    assert all(hook["language"] == "system" for hook in repository["hooks"])
