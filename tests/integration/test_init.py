"""`pydb init`: the new project runs, and is tested, linted and proven with the commands of its Makefile."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.documents import PROJECT
from tests.harness.projects import Project

# Only one worker of pytest-xdist makes the environment.
pytestmark = pytest.mark.xdist_group("init")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return Project(tmp_path, capsys)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project of ``pydb init`` whose .venv can import this environment's packages; pip downloads only its backend."""
    top = tmp_path_factory.mktemp("init")
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "pydb", "init", "my-notes"]
    done = subprocess.run(command, cwd=top, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout == "14 files written in my-notes\nnext: cd my-notes && make run && make test\n"
    folder = top / "my-notes"
    venv.create(folder / ".venv", with_pip=False, symlinks=True)
    packages = next((folder / ".venv").glob("lib/*/site-packages"))
    (packages / "outside.pth").write_text(sysconfig.get_path("purelib") + "\n")
    # pip and the requirements of pydb come from there: only pydb is installed.
    pip: list[str | Path] = [
        folder / ".venv/bin/python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
    ]
    subprocess.run([*pip, "--no-index", PROJECT], check=True, capture_output=True)
    yield folder
    shutil.rmtree(folder)


def make(folder: Path, *arguments: str) -> str:
    """The output of a make target, which must succeed."""
    hidden = ("PYTHONPATH", "DATABASE_URL", "VIRTUAL_ENV")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MAKE") and key not in hidden}
    environment = {**kept, "MYPY_CACHE_DIR": str(PROJECT / ".mypy_cache")}
    done = subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_two_commands_run_and_test_it(made: Path) -> None:
    """`make run` writes and prints a note, one more at each run; `make test` passes."""
    assert make(made, "run").count("my_notes has run") == 1
    assert make(made, "run").count("my_notes has run") == 2
    assert "2 passed" in make(made, "test")


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_its_other_targets_work(made: Path) -> None:
    """Lint, types, `pydb check` and `generate` have no findings; `query` and `reset` reach the database."""
    make(made, "run")
    before = {file: file.read_text(encoding="utf-8") for file in made.glob("[mt]*/**/*.py")}
    assert "4 statements, 4 proven on SQLite" in make(made, "check")
    assert "up to date" in make(made, "generate")
    make(made, "format")
    assert {file: file.read_text(encoding="utf-8") for file in made.glob("[mt]*/**/*.py")} == before
    assert "my_notes has run" in make(made, "query", "NAME=notes.newest", "ARGS=limit=5")
    make(made, "reset")
    assert "my_notes has run" not in make(made, "query", "NAME=notes.newest", "ARGS=limit=5")
    assert "query" in make(made)


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_it_runs_on_each_engine(made: Path, empty_url: str) -> None:
    """`make run DB=<url>` creates the tables from the engine's own schema, and keeps what it writes."""
    assert make(made, "run", f"DB={empty_url}").count("my_notes has run") == 1
    assert make(made, "run", f"DB={empty_url}").count("my_notes has run") == 2


def test_its_schemas_agree(here: Project, empty_urls: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its statements are proven on all engines, and its package is right for all of them."""
    assert here.pydb("init", "shop").code == 0
    monkeypatch.chdir(here.folder / "shop")
    servers = [option for name, url in empty_urls.items() if name != "sqlite" for option in ("--db", url)]
    done = here.pydb("check", *servers)
    assert done.code == 0, done.out + done.err
    assert done.out.count("4 proven on") == 1 + len(servers) // 2
    assert here.pydb("generate", "--check", *servers).code == 0


def test_nothing_that_is_there_is_overwritten(here: Project) -> None:
    """If one of its files exists, the error names it and no file is written."""
    here.write({"shop/schema.sql": "-- mine\n", "shop/notes.txt": "mine\n"})
    done = here.pydb("init", "shop")
    assert done.code == 2
    assert "shop already has schema.sql" in done.err
    assert sorted(path.name for path in (here.folder / "shop").iterdir()) == ["notes.txt", "schema.sql"]
    assert here.read("shop/schema.sql") == "-- mine\n"


def test_a_folder_with_other_files_is_fine(here: Project) -> None:
    """A project can be started in a new repository with a README and a licence."""
    here.write({"README.md": "mine\n"})
    done = here.pydb("init")
    assert done.code == 0
    assert here.read("README.md") == "mine\n"
    assert done.out.endswith("next: make run && make test\n")


@pytest.mark.parametrize(
    ("folder", "package"), [("my shop", "my_shop"), ("2024", "app"), ("json", "app"), ("Äpfel", "pfel")]
)
def test_the_package_has_a_name_that_python_takes(here: Project, folder: str, package: str) -> None:
    """The package has the folder's name, or `app` if Python cannot import that name."""
    assert here.pydb("init", folder).code == 0
    assert (here.folder / folder / package / "db" / "notes.py").is_file()
