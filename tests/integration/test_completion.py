"""Completion in real shells, and by click's protocol."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.projects import Project, project_in
from tests.harness.terminals import ShellTerminal

CONFIGURED = '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n'
USERS = """\
-- name: by_id :maybe
-- One user by key.
SELECT id FROM users WHERE id = :id AND name = :name;

-- name: by_name :maybe
SELECT id FROM users WHERE name = :name;

-- name: search :many
-- @param only_admins bool
SELECT id FROM users
WHERE
    TRUE
    AND is_admin -- if :only_admins
ORDER BY
    id DESC -- if :order = newest
    -- id -- if :order = oldest
;
"""
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(_PYDB_COMPLETE=bash_source pydb)"'),
    "zsh": (
        ["zsh", "-f", "-i"],
        'bindkey -e; autoload -U compinit; compinit -u -D; eval "$(_PYDB_COMPLETE=zsh_source pydb)"',
    ),
    "fish": (["fish", "--no-config", "-i"], "_PYDB_COMPLETE=fish_source pydb | source"),
}
KEYS = {
    "pydb run users.by_i\t": ["pydb", "run", "users.by_id"],
    "pydb sho\tusers.by_n\t": ["pydb", "show", "users.by_name"],
    "pydb prove users.sea\t": ["pydb", "prove", "users.search"],
    "pydb run users.by_id i\t7 n\tx": ["pydb", "run", "users.by_id", "id=7", "name=x"],
    "pydb run users.search order=o\t on\ttr\t": ["pydb", "run", "users.search", "order=oldest", "only_admins=true"],
    "pydb show users.search --with only_admins,order=n\t": [
        *("pydb", "show", "users.search", "--with", "only_admins,order=newest"),
    ],
    "pydb check --db mar\t": ["pydb", "check", "--db", "mariadb"],
    "pydb run other.none i\t": ["pydb", "run", "other.none", "i"],
    "pydb run --sql sql/us\t users.by_i\t": ["pydb", "run", "--sql", "sql/users.sql", "users.by_id"],
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """Three statements, without a database or a schema script."""
    with project_in(tmp_path, monkeypatch, capsys, CONFIGURED) as project:
        project.write({"sql/users.sql": USERS})
        yield project


@pytest.mark.deep
@pytest.mark.parametrize("shell", SHELLS)
def test_in_a_shell(project: Project, shell: str) -> None:
    """The tab key completes names, parameters and values; no space follows a parameter."""
    if shutil.which(shell) is None:
        if os.environ.get("PYDB_REQUIRE_SERVERS") == "1":
            pytest.fail(f"PYDB_REQUIRE_SERVERS=1, but {shell} is not installed", pytrace=False)
        pytest.skip(f"{shell} is not installed")
    command, install = SHELLS[shell]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with ShellTerminal(command, project.folder, {"PATH": path, "HOME": str(project.folder)}) as terminal:
        terminal.run(install)
        assert {keys: terminal.words(keys) for keys in KEYS} == KEYS
        project.write({"sql/users.sql": "-- name: by_id :nonsense\nSELECT"})
        assert terminal.words("pydb run users.by_i\t") == ["pydb", "run", "users.by_i"]


def completions(project: Project, monkeypatch: pytest.MonkeyPatch, shell: str, *words: str) -> str:
    """The answer of pydb to a shell, by click's protocol; its error stream must be empty."""
    monkeypatch.setenv("_PYDB_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(words))
    monkeypatch.setenv("COMP_CWORD", words[-1] if shell == "fish" else str(len(words) - 1))
    with pytest.raises(SystemExit) as ended:
        project.pydb()
    assert ended.value.code == 0
    written = project.capsys.readouterr()
    assert written.err == ""
    return written.out.rstrip("\n")


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        ("bash", "plain,users.by_id\nplain,users.by_name"),
        ("zsh", "plain\nusers.by_id\nOne user by key.\nplain\nusers.by_name\n_"),
        ("fish", "plain,users.by_id\tOne user by key.\nplain,users.by_name"),
    ],
)
def test_names_by_the_protocol(project: Project, monkeypatch: pytest.MonkeyPatch, shell: str, expected: str) -> None:
    """zsh and fish show the documentation too."""
    assert completions(project, monkeypatch, shell, "pydb", "run", "users.by") == expected


@pytest.mark.parametrize("shell", SHELLS)
def test_a_broken_project_is_silent(project: Project, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    """If files cannot be read, nothing is printed, and statements of the other files are completed."""
    project.write({"sql/broken.sql": "-- name: by_id :nonsense\nSELECT 1;\n"})
    assert "users.by_id" in completions(project, monkeypatch, shell, "pydb", "run", "users.by_i")
    project.write({"pyproject.toml": "[tool.pydb\n"})
    assert completions(project, monkeypatch, shell, "pydb", "run", "users.by_i") == ""


def test_what_is_printed_is_escaped(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documentation from a file cannot control the terminal."""
    project.write({"sql/users.sql": "-- name: by_id :many\n-- A \x1b[31m word.\nSELECT 1;\n"})
    assert completions(project, monkeypatch, "fish", "pydb", "run", "us") == r"plain,users.by_id" "\tA \\x1b[31m word."
