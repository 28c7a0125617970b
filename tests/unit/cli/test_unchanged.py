"""The outcome of a run after which nothing has changed, and the changes that count."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pydb.cli import unchanged
from tests.harness.projects import Done, Project

FILES = {
    "pyproject.toml": '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\npackage = "app.db"\n',
    "schema.sql": "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL, age integer);\n",
    "sql/users.sql": "-- name: by_id :maybe User\nSELECT id, name, age\nFROM users\nWHERE id = :id;\n",
    "app/__init__.py": "",
}
NOBODY = 65534


class Runs:
    """A project with a generated package, and whether a command ran or its last outcome was shown."""

    def __init__(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        self.project, self.monkeypatch = project, monkeypatch

    def shown(self, *arguments: str) -> bool:
        """Whether the last outcome is shown; the output must equal that of a run without the cache."""
        known = self.replay(arguments)
        plain = self.project.pydb(*arguments, "--no-cache")
        done = self.project.pydb(*arguments)
        assert done == plain
        assert known in (None, plain)
        return known is not None

    def replay(self, arguments: tuple[str, ...]) -> Done | None:
        code = unchanged.shown_again(arguments)
        shown = self.project.capsys.readouterr()
        return None if code is None else Done(code, shown.out, shown.err)


@pytest.fixture
def runs(project: Project, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """A project that was generated and checked."""
    for file in project.folder.rglob("*.sql"):
        file.unlink()
    project.write(FILES)
    assert project.pydb("generate").code == 0
    made = Runs(project, monkeypatch)
    assert not made.shown("check")
    assert made.shown("check")
    return made


def text_of(name: str, old: str, new: str) -> Callable[[Runs], object]:
    def change(runs: Runs) -> None:
        text = runs.project.read(name)
        assert old in text
        runs.project.write({name: text.replace(old, new, 1)})

    return change


def same_time(runs: Runs) -> None:
    """Size and time are unchanged: only the bytes differ."""
    file = runs.project.folder / "sql" / "users.sql"
    status = file.stat()
    file.write_text(file.read_text().replace("id = :id", "id > :id"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def as_a_link(runs: Runs) -> None:
    """Replace the package's folder by a link."""
    folder = runs.project.folder
    (folder / "app/db").rename(folder / "elsewhere")
    (folder / "app/db").symlink_to(folder / "elsewhere")


CHANGES: dict[str, Callable[[Runs], object]] = {
    "a statement": text_of("sql/users.sql", "id = :id", "id <> :id"),
    "a statement, at the same time": same_time,
    "a header": text_of("sql/users.sql", ":maybe", ":many"),
    "the schema": text_of("schema.sql", "age integer", "age text"),
    "another table": text_of("schema.sql", "CREATE", "CREATE TABLE a (id integer);\nCREATE"),
    "a new file": lambda runs: runs.project.write({"sql/posts.sql": "-- name: a :many\nSELECT id FROM nothing;\n"}),
    "a new folder": lambda runs: runs.project.write({"sql/more/a.sql": "-- name: a :many\nSELECT id FROM users;\n"}),
    "an overlay": lambda runs: runs.project.write({"sql/sqlite/users.sql": FILES["sql/users.sql"]}),
    "another engine's schema": lambda runs: runs.project.write({"sql/mariadb/schema.sql": FILES["schema.sql"]}),
    "the generated package": text_of("app/db/users.py", "by_id", "by_key"),
    "a file of it that is gone": lambda runs: (runs.project.folder / "app/db/users.py").unlink(),
    "a file in its way": lambda runs: runs.project.write({"app/db/other.py": "# By hand.\n"}),
    "the project": text_of("pyproject.toml", "app.db", "app.data"),
    "a type of a column": text_of("pyproject.toml", "package", 'columns."users.age" = "Decimal"\npackage'),
    "a module beside the package": lambda runs: runs.project.write({"datetime.py": ""}),
    "a folder of it that is a link": as_a_link,
    "pydb's code": lambda runs: runs.monkeypatch.setattr(unchanged, "code_digest", lambda: b"other"),
    "Python": lambda runs: runs.monkeypatch.setattr(sys, "version", "4.0"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen(runs: Runs, change: Callable[[Runs], object]) -> None:
    """After any change of its inputs check runs again, with the output of a run without the cache."""
    change(runs)
    assert not runs.shown("check")
    assert runs.shown("check")


def test_errors_and_notes_too(runs: Runs) -> None:
    """An outcome with errors and notes is kept too, in every format, with its exit code."""
    noted = "-- name: noted :one User\nSELECT id, name, age FROM users;\n"
    runs.project.write({"sql/wrong.sql": f"-- name: wrong :many\nSELECT nothing FROM users;\n\n{noted}"})
    for format_ in ("text", "json", "github", "sarif", "junit"):
        assert not runs.shown("check", "--format", format_)
        assert runs.shown("check", f"--format={format_}")
    assert runs.project.pydb("check").code == 1


def test_generate(runs: Runs) -> None:
    """After a generate that has written files, the next one runs; after that one nothing has changed."""
    assert not runs.shown("generate")
    assert runs.shown("generate")
    assert not runs.shown("generate", "--check")
    assert runs.shown("generate", "--check")
    text_of("sql/users.sql", "by_id", "by_key")(runs)
    assert runs.replay(("generate",)) is None
    assert "files written" in runs.project.pydb("generate").out
    assert not runs.shown("generate")
    assert runs.shown("generate")


def test_options_that_ask_for_more(runs: Runs) -> None:
    """With an option that names other files or databases, or --no-cache, the command runs."""
    for more in (("--no-cache",), ("--sql", "sql"), ("--schema", "schema.sql"), ("--live",), ("--db", "postgresql")):
        assert runs.replay(("check", *more)) is None
    assert runs.replay(("lint",)) is None
    assert runs.replay(()) is None


def test_modules_of_the_application(runs: Runs) -> None:
    """If a type is a class of a module, or records are hand-written, the command always runs."""
    runs.project.write({"app/types.py": "class Name(str): ...\n"})
    text_of("sql/users.sql", "SELECT", "-- @column name app.types.Name\nSELECT")(runs)
    for _ in range(2):
        assert not runs.shown("check")
    runs.project.write({**FILES, "app/types.py": "class Name(str): ...\n"})
    text_of("pyproject.toml", "package", 'columns."users.name" = "app.types.Name"\npackage')(runs)
    for _ in range(2):
        assert not runs.shown("check")


def test_a_change_during_the_run(runs: Runs) -> None:
    """A change during the run may not have been read, so the outcome is not kept."""
    inputs = unchanged.RunInputs(("check", "text"), files=("schema.sql",)).as_they_are()
    runs.project.write({"schema.sql": FILES["schema.sql"] + "\n"})
    outcome = unchanged.Outcome((), (), "0 statements", {})
    folder = runs.project.folder / ".other"
    inputs.keep(str(folder), outcome)
    assert not folder.exists()
    inputs.as_they_are().keep(str(folder), outcome)
    assert folder.exists()


def outcomes(runs: Runs) -> list[Path]:
    return sorted((runs.project.folder / ".pydb_cache").glob("outcome.*"))


def test_a_damaged_file_is_not_taken(runs: Runs) -> None:
    """If the file is cut or a byte is changed, the command runs again."""
    (file,) = outcomes(runs)
    whole = file.read_bytes()
    step = max(1, len(whole) // 10)
    damaged = [whole[:end] for end in range(0, len(whole), step)]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), step)]
    for data in damaged:
        file.write_bytes(data)
        assert runs.replay(("check",)) is None
    assert not runs.shown("check")
    assert file.read_bytes() == whole


def test_a_file_that_others_may_write_to(runs: Runs) -> None:
    """An outcome in a file that other users can change is not shown."""
    (file,) = outcomes(runs)
    file.chmod(0o666)
    assert runs.replay(("check",)) is None
    file.chmod(0o644)
    assert runs.replay(("check",)) is not None
    if os.geteuid() == 0:
        os.chown(file, NOBODY, NOBODY)
        assert runs.replay(("check",)) is None


def test_a_link_that_leads_back_up(runs: Runs) -> None:
    """A tree without an end is not read: the command runs, and reports the link."""
    (runs.project.folder / "sql" / "up").symlink_to(runs.project.folder / "sql")
    for _ in range(2):
        assert not runs.shown("check")


def test_it_takes_no_library_to_show_an_outcome(runs: Runs) -> None:
    """SQLAlchemy and sqlglot are not imported, because that takes longer than the rest."""
    program = "import sys\nfrom pydb.cli import main\nassert main(['check']) == 0\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"sqlalchemy", "sqlglot", "rich", "pydb.project", "pydb.errors"} & set(done.stdout.split())


def test_a_folder_below_the_project(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another folder the paths of findings differ, so the command has a separate outcome there."""
    monkeypatch.chdir("sql")
    assert not runs.shown("check")
    assert runs.shown("check")
    runs.project.write({"sql/pyproject.toml": '[tool.pydb]\nsql = "."\nschema = "../schema.sql"\n'})
    assert runs.replay(("check",)) is None


def test_caches_and_hidden_folders_are_no_change(runs: Runs) -> None:
    """Compiled files and hidden folders do not count; a .sql file that is read counts."""
    runs.project.write({"app/db/__pycache__/users.pyc": "", "sql/.old/users.sql": "nothing", "app/db/.x/y.py": ""})
    assert runs.shown("check")
    runs.project.write({"sql/__pycache__/a.sql": "-- name: a :many\nSELECT id FROM users;\n"})
    assert not runs.shown("check")


def test_a_link_to_nowhere(runs: Runs) -> None:
    """A link to a missing file differs from a link to an empty file."""
    (runs.project.folder / "sql" / "linked.sql").symlink_to(runs.project.folder / "elsewhere.sql")
    runs.project.pydb("check")
    runs.project.write({"elsewhere.sql": ""})
    assert not runs.shown("check")


def test_too_many_files(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders with very many files are not read each time."""
    monkeypatch.setattr(unchanged, "_MAX_FILES", 3)
    for _ in range(2):
        assert not runs.shown("check")
