"""The wheel: its contents, and its use in an empty environment outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

# One worker of pytest-xdist builds the wheel and the environment once for all of these tests.
pytestmark = [pytest.mark.deep, pytest.mark.xdist_group("packaging")]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command without the variables that would let it find the repository or a database."""
    hidden = ("PYTHONPATH", "DATABASE_URL", "VIRTUAL_ENV")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    return subprocess.run([*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True)


def ok(*command: str | Path, cwd: Path) -> str:
    """The output of a command that must succeed."""
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the repository, built as a release would be."""
    folder = tmp_path_factory.mktemp("dist")
    ok(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, PROJECT, cwd=folder)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with the wheel and its requirements, without extras."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    install(programs, str(wheel))
    return programs


def install(programs: Path, requirement: str) -> None:
    """Install into the environment of these programs, with the pip of this one."""
    # Compiling all of SQLAlchemy would take longer than the tests, which import only a part of it.
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        programs / "python",
        "install",
        "--quiet",
        "--no-compile",
    ]
    ok(*pip, requirement, cwd=programs)


def test_wheel_holds_the_sql_of_the_sample(wheel: Path) -> None:
    """Every .sql file, the type marker, the licence, the linter's style and the site's templates are in the wheel."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for file in (PROJECT / "sql").rglob("*.sql"):
        assert f"pydb/sample/sql/{file.relative_to(PROJECT / 'sql').as_posix()}" in names
    assert {"pydb/sample/schema.sql", "pydb/py.typed", "pydb/lint/sqlfluff.cfg"} <= names
    templates = {file.name for file in (PROJECT / "pydb" / "site" / "templates").iterdir()}
    assert {f"pydb/site/templates/{name}" for name in templates} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith("tests")]


def test_wheel_runs_the_sample_outside_the_repository(scripts: Path, tmp_path: Path) -> None:
    """With only SQLAlchemy, the installed sample opens a database and creates a user."""
    program = (
        "import pydb.sample\n"
        "from pydb.sample import User\n"
        "assert 'site-packages' in pydb.sample.__file__\n"
        "with pydb.sample.open('sqlite:///blog.db') as db, db.begin() as conn:\n"
        "    print(User.create(conn, username='Moshe', email='moshe@example.com').username)\n"
    )
    assert ok(scripts / "python", "-c", program, cwd=tmp_path) == "Moshe\n"


def test_command_line_names_its_extra(scripts: Path, tmp_path: Path) -> None:
    """Without click and rich, `pydb` says what to install and exits with 2."""
    for command in ((scripts / "pydb", "list"), (scripts / "python", "-m", "pydb")):
        done = run(*command, cwd=tmp_path)
        assert done.returncode == 2
        assert 'pip install "pydb[cli]"' in done.stderr
        assert "Traceback" not in done.stderr


def test_tour_names_its_extra(scripts: Path, tmp_path: Path) -> None:
    """Without click and rich, the tour says what to install."""
    done = run(scripts / "python", "-m", "pydb.sample.tour", cwd=tmp_path)
    assert done.returncode == 1
    assert 'pip install "pydb[cli]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_command_line_in_an_empty_environment(wheel: Path, scripts: Path, tmp_path: Path) -> None:
    """With the cli extra, `pydb` lists a folder that is named, and without one says how to name it."""
    # Only one test installs the extra, because the previous one needs the environment without it.
    install(scripts, f"{wheel}[cli]")
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "users.sql").write_text("-- name: all :many\nSELECT id FROM users;\n")
    listed = ok(scripts / "pydb", "list", "--sql", "queries", cwd=tmp_path)
    assert listed.splitlines()[1].startswith("users.all\tmany")
    lost = run(scripts / "pydb", "list", cwd=tmp_path)
    assert lost.returncode == 2
    assert "--sql FOLDER" in lost.stderr
    assert "[tool.pydb]" in lost.stderr
    unlinted = run(scripts / "pydb", "lint", "--sql", "queries", cwd=tmp_path)
    assert (unlinted.returncode, 'pip install "pydb[lint]"' in unlinted.stderr) == (2, True)
    assert ok(scripts / "pydb", "--version", cwd=tmp_path).startswith("pydb, version ")
