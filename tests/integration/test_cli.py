"""The command line: its output, streams and exit codes, on every engine if it uses a database."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import select
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

import pydb
from pydb.cli import main
from pydb.sample.files import schema_for

PROJECT = Path(__file__).parents[2]

STATEMENTS = """\
-- name: create :one User
-- @param username str
INSERT INTO users (username, email)
VALUES (:username, :email)
RETURNING id, username, email;


-- name: usernames :many scalar
SELECT username FROM users ORDER BY id;


-- name: every_user :stream
SELECT id, username, age FROM users ORDER BY id;


-- name: by_ids :many
SELECT id, username FROM users WHERE id IN (:ids) ORDER BY id;


-- name: values_of_all_kinds :one
-- @param name str
SELECT
    CAST(:name AS char(3)) AS name,
    '' AS empty,
    NULL AS missing,
    avatar
FROM profiles
WHERE user_id = :user_id;


-- name: twice :many
SELECT id, id FROM users;


-- name: load :batch
INSERT INTO users (username, email)
VALUES (:username, :email);


-- name: load_and_tell :batch
INSERT INTO users (username, email)
VALUES (:username, :email)
RETURNING username;


-- name: delete :affected
-- Delete one user.
DELETE FROM users WHERE id = :id;


-- name: touch :exec
UPDATE users SET age = 1 WHERE id = :id;


-- name: wrong :many
SELECT nothing_like_this FROM users;


-- name: one_user :one
SELECT id FROM users WHERE id = :id;
"""


@dataclass(frozen=True)
class Outcome:
    """The result of a command line."""

    code: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command line in a new project, with the statements above in users.sql."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "users.sql").write_text(STATEMENTS)
    (tmp_path / "schema.sql").write_text((PROJECT / "schema.sql").read_text())
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\nurl = "sqlite:///app.db"\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run(*arguments: str) -> Outcome:
        code = main(arguments)
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return run


@pytest.fixture
def on(command: Command, sample_url: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command with $DATABASE_URL at a new database with the sample's tables."""
    monkeypatch.setenv("DATABASE_URL", sample_url)
    return command


def test_list_names_every_statement(command: Command) -> None:
    """The list has a line for each statement below a header, separated by tabs."""
    lines = command("list").out.splitlines()
    assert lines[0].split("\t") == ["statement", "rows", "shape", "parameters", "engines", "documentation"]
    assert lines[9] == "users.delete\taffected\t\tid\tall\tDelete one user."
    assert len(lines) == 13


def test_list_of_another_folder(command: Command, tmp_path: Path) -> None:
    """--sql lists a folder that no project names; --format json is for programs."""
    (tmp_path / "other" / "mariadb").mkdir(parents=True)
    (tmp_path / "other" / "mariadb" / "a.sql").write_text("-- name: b :many\nSELECT 1;\n")
    (found,) = json.loads(command("list", "--sql", "other", "--format", "json").out)
    assert (found["statement"], found["engines"]) == ("a.b", ["mariadb"])


def test_list_without_a_project_says_how_to_point_it_at_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Outside any project the message shows --sql and the lines for pyproject.toml."""
    monkeypatch.chdir(tmp_path)
    assert main(["list"]) == 2
    error = capsys.readouterr().err
    assert "--sql FOLDER" in error
    assert '[tool.pydb]\n    sql = "sql"' in error


def test_the_project_is_found_from_a_folder_below_it(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths in [tool.pydb], also that of the database, are relative to pyproject.toml."""
    assert command("schema", "apply").code == 0
    (tmp_path / "sql" / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "sql" / "deep")
    assert command("run", "users.usernames").code == 0
    assert [path.name for path in tmp_path.glob("**/app.db")] == ["app.db"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('slq = "sql"', "[tool.pydb] has no key 'slq'    hint: sql"),
        ("sql = 3", '[tool.pydb] sql must be text    hint: sql = "..."'),
        ("sql =", "pyproject.toml: Invalid value"),
    ],
)
def test_a_wrong_project_file_is_told(command: Command, tmp_path: Path, line: str, message: str) -> None:
    """A misspelt key is refused, and the hint has the nearest key."""
    (tmp_path / "pyproject.toml").write_text(f"[tool.pydb]\n{line}\n")
    outcome = command("list")
    assert outcome.code == 2
    assert message in outcome.err


def test_show_prints_the_statement_as_written(command: Command) -> None:
    """Show prints the place, the documentation, the parameters and the SQL, unchanged."""
    out = command("show", "users.delete").out
    assert "users.delete :affected\n" in out
    assert f"sql{os.sep}users.sql:46\n" in out
    assert "Delete one user." in out
    assert out.endswith("\nDELETE FROM users WHERE id = :id;\n")
    assert "username str" in command("show", "users.create").out


def test_show_tells_types(command: Command) -> None:
    """Show prints the type of each parameter and column, from @param or the schema, with ? if it may be NULL."""
    out = command("show", "users.every_user").out
    assert "\ncolumns\n  id int\n  username str\n  age int?\n" in out
    out = command("show", "users.by_ids").out
    assert "\nparameters\n  ids (several) int\n" in out


def test_show_says_why_it_tells_no_types(command: Command, tmp_path: Path) -> None:
    """Without a schema, or without a form for SQLite, show prints the statement and says what is missing."""
    outcome = command("show", "users.by_ids", "--schema", "absent.sql")
    assert outcome.code == 0
    assert "columns\n  not described: absent.sql: it cannot be read" in outcome.out
    (tmp_path / "sql" / "mariadb").mkdir()
    (tmp_path / "sql" / "mariadb" / "more.sql").write_text("-- name: engines :many\nSHOW ENGINES;\n")
    assert "not described: it has no form for sqlite" in command("show", "more.engines").out
    assert "not described: SQLite refuses it: no such column" in command("show", "users.wrong").out


def test_show_has_each_form(command: Command, tmp_path: Path) -> None:
    """A statement with an overlay is shown once for each form, with the engines that use the form."""
    (tmp_path / "sql" / "mariadb").mkdir()
    (tmp_path / "sql" / "mariadb" / "users.sql").write_text("-- name: usernames :many scalar\nSELECT 'm';\n")
    out = command("show", "users.usernames").out
    assert "\nsqlite, postgresql  sql" in out
    assert "\nmariadb  sql" in out
    assert out.endswith("SELECT 'm';\n")


@pytest.mark.parametrize("arguments", [("show", "users.creat"), ("run", "users.creat")])
def test_an_unknown_statement_is_told_with_the_nearest(command: Command, arguments: tuple[str, ...]) -> None:
    """For a misspelt name, the hint has the right one."""
    outcome = command(*arguments)
    assert outcome.code == 2
    assert "no statement is named 'users.creat'    hint: did you mean users.create" in outcome.err


def test_run_rolls_back_unless_told_to_commit(on: Command) -> None:
    """The changes of a statement are shown and undone; --commit keeps them."""
    create = ("run", "users.create", "username=Moshe", "email=moshe@example.com")
    first = on(*create)
    assert first.code == 0
    assert first.out.splitlines()[1].split("\t")[1:] == ["Moshe", "moshe@example.com"]
    assert "1 round trip; rolled back, nothing is kept" in first.err
    assert on("run", "users.usernames").out == "username\n"
    kept = on(*create, "--commit")
    assert "rolled back" not in kept.err
    assert on("run", "users.usernames").out == "username\nMoshe\n"


def test_run_of_every_kind_of_rows(on: Command) -> None:
    """For each row word, run prints its result: rows, a count, or nothing."""
    assert on("run", "users.load", "username=a", "email=a@example.com", "--commit").out == "affected\n1\n"
    assert on("run", "users.every_user").out.splitlines()[1].endswith("\ta\t\\N")
    assert on("run", "users.delete", "id=1").out == "affected\n1\n"
    touched = on("run", "users.touch", "id=1")
    assert touched.out == ""
    assert touched.err.startswith("done, ")
    assert on("run", "users.by_ids", "ids=1", "ids=2").out.splitlines()[1].endswith("\ta")
    assert on("run", "users.by_ids", "ids:=[]").out.splitlines()[1:] == []
    assert on("run", "users.by_ids", "ids:=[]", "--format", "json").out == "[]\n"


def test_null_empty_text_and_bytes_are_told_apart(on: Command, sample_url: str) -> None:
    """NULL is \\N and empty text is nothing; a binary column prints its size, or base64 for programs."""
    with pydb.Database(sample_url) as database, database.begin() as conn:
        conn.exec_driver_sql("INSERT INTO users (username, email) VALUES ('a', 'a@example.com')")
        (user_id,) = conn.exec_driver_sql("SELECT id FROM users").one()
        blob = "'\\x00ff07'::bytea" if database.rules.name == "postgresql" else "x'00ff07'"
        conn.exec_driver_sql(f"INSERT INTO profiles (user_id, avatar) VALUES ({user_id}, {blob})")
    arguments = ("run", "users.values_of_all_kinds", "name=007", f"user_id={user_id}")
    assert on(*arguments).out.splitlines()[1].split("\t") == ["007", "", "\\N", "<3 bytes>"]
    (row,) = json.loads(on(*arguments, "--format", "json").out)
    assert row == {"name": "007", "empty": "", "missing": None, "avatar": "AP8H"}
    assert on(*arguments, "--format", "csv").out.splitlines()[1] == '"007","",,"AP8H"'


def test_values_are_typed_as_the_record_has_them(
    on: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine_name: str
) -> None:
    """A boolean, an instant and an Enum are printed in the same way on every engine if the project has the record."""
    monkeypatch.syspath_prepend(tmp_path)
    module = f"records_{engine_name}"
    (tmp_path / f"{module}.py").write_text(
        "from dataclasses import dataclass\nfrom enum import Enum\nfrom pydb import AwareDatetime\n"
        "class Role(Enum):\n    USER = 'user'\n"
        "@dataclass(frozen=True, slots=True)\n"
        "class Account:\n    active: bool\n    role: Role\n    created_at: AwareDatetime\n    gone: int\n"
    )
    with (tmp_path / "pyproject.toml").open("a") as project:
        project.write(f'records = "{module}"\n')
    (tmp_path / "sql" / "accounts.sql").write_text(
        "-- name: all :many Account\nSELECT active, role, created_at, username FROM users;\n"
    )
    assert on("run", "users.create", "username=a", "email=a@b", "--commit").code == 0
    (row,) = json.loads(on("run", "accounts.all", "--format", "json").out)
    assert row["active"] is True
    assert row["role"] == "user"
    assert "T" in row["created_at"]
    # A column that the record lacks is shown too, so that the user can see what is wrong.
    assert row["username"] == "a"


def test_json_refuses_to_lose_a_column(on: Command) -> None:
    """An object has one value for each name, so two columns with one name are refused."""
    outcome = on("run", "users.twice", "--format", "json")
    assert outcome.code == 1
    assert outcome.out == ""
    assert "two columns are named id" in outcome.err


def test_a_batch_reads_its_sets_from_a_file(on: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A :batch reads a JSON file, a CSV file or standard input."""
    (tmp_path / "a.json").write_text('[{"username": "a", "email": "a@b"}, {"username": "b", "email": "b@b"}]')
    (tmp_path / "a.csv").write_text("username,email\nc,c@b\n")
    assert on("run", "users.load", "--input", "a.json", "--commit").out == "affected\n2\n"
    assert on("run", "users.load_and_tell", "--input", "a.csv", "--commit").out == "username\nc\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO("username,email\nd,d@b\n"))
    assert on("run", "users.load", "--input", "-", "--commit").out == "affected\n1\n"
    out = on("run", "users.usernames", "--format", "csv").out
    assert [row["username"] for row in csv.DictReader(io.StringIO(out))] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("users.wrong",), 1, "users.sql:56: users.wrong: "),
        (("users.one_user", "id=77"), 1, "users.one_user: "),
        (("users.create", "username=a", "email=x"), 1, "users_email_check"),
        (("users.one_user",), 2, "missing id    hint: pydb run users.one_user id=…"),
        (("users.one_user", "id=1", "other=2"), 2, "unknown other    hint: pydb run users.one_user id=…"),
        (("users.usernames", "--input", "a.json"), 2, "--input is for :batch statements"),
        (("users.load", "--input", "absent.json"), 2, "absent.json"),
        (("users.usernames", "--format", "xml"), 2, "'xml' is not one of"),
    ],
)
def test_exit_codes_of_run(on: Command, arguments: tuple[str, ...], code: int, message: str) -> None:
    """The exit code is 1 for a failure in the database or a missing row, 2 for a usage error; no traceback."""
    outcome = on("run", *arguments)
    assert outcome.code == code
    assert message in outcome.err
    assert outcome.out == ""
    assert "Traceback" not in outcome.err


@pytest.mark.engines("mariadb")
@pytest.mark.parametrize(
    ("sql", "told"),
    [("CREATE TABLE others (id integer)", "CREATE commits at once"), ("CALL others()", "CALL may commit by itself")],
)
def test_what_cannot_be_rolled_back_needs_commit(on: Command, tmp_path: Path, sql: str, told: str) -> None:
    """On MariaDB, a statement that may not be undone is not sent without --commit."""
    (tmp_path / "sql" / "others.sql").write_text(f"-- name: make :exec\n{sql};\n")
    outcome = on("run", "others.make")
    assert outcome.code == 2
    assert f"{told} on MariaDB    hint: add --commit" in outcome.err


@pytest.mark.engines("postgresql", "mariadb")
def test_a_wrong_password_could_not_run_and_stays_secret(command: Command, sample_url: str) -> None:
    """If the connection is refused, the exit code is 2, and the password is not printed."""
    url = make_url(sample_url).set(password="hunter2-secret").render_as_string(hide_password=False)
    for arguments in (("run", "users.usernames"), ("schema", "apply", "--schema", "schema.sql")):
        outcome = command(*arguments, "--db", url)
        assert outcome.code == 2
        assert "hunter2-secret" not in outcome.out + outcome.err


@pytest.mark.engines("postgresql", "mariadb")
def test_a_password_in_the_query_stays_secret(
    command: Command, sample_url: str, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that names its database omits a password in the query of the URL."""
    url = make_url(sample_url)
    assert url.password is not None
    hidden = url.set(password=None).update_query_dict({"password": str(url.password)})
    where = ("--schema", str(schema_for(engine_name)), "--db", hidden.render_as_string(hide_password=False))
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    for arguments, code in ((("apply",), 2), (("reset", "--yes"), 0), (("reset",), 2)):
        outcome = command("schema", *arguments, *where)
        assert outcome.code == code
        assert f"{url.host}:{url.port}/{url.database}" in outcome.out + outcome.err
        assert str(url.password) not in outcome.out + outcome.err


@pytest.mark.parametrize("url", ["nonsense:secret", "postgresql+psycopg://u:secret@h:port/d", "oracle://u:secret@h/d"])
def test_a_url_that_cannot_be_read_stays_secret(command: Command, url: str) -> None:
    """An error about a wrong URL does not repeat the URL."""
    outcome = command("run", "users.usernames", "--db", url)
    assert outcome.code == 2
    assert "secret" not in outcome.err


@pytest.mark.parametrize("arguments", [("run", "users.usernames"), ("schema", "apply")])
@pytest.mark.parametrize(
    "url",
    ["sqlite:///app.db?timeout=secret-word", "mariadb+pymysql://a@localhost/b?secret-word=1", "sqlite+aiosqlite://"],
)
def test_an_option_that_the_driver_refuses(command: Command, url: str, arguments: tuple[str, ...]) -> None:
    """A URL with an unknown option of its driver, or with an asynchronous driver, gives one line, no traceback."""
    Path("app.db").touch()
    outcome = (
        command(*arguments, "--schema", "schema.sql", "--db", url)
        if arguments[0] == "schema"
        else command(*arguments, "--db", url)
    )
    assert outcome.code == 2
    assert "hint: " in outcome.err
    assert "secret-word" not in outcome.err


@pytest.mark.parametrize(
    ("script", "message"), [(b"CREATE TABLE t (a text DEFAULT 'x);\n", "never closed"), (b"\xff;", "UTF-8")]
)
def test_a_schema_that_cannot_be_read(command: Command, tmp_path: Path, script: bytes, message: str) -> None:
    """The error about a schema script with an unclosed string or another encoding names its file."""
    (tmp_path / "broken.sql").write_bytes(script)
    for arguments in (("apply",), ("reset", "--yes")):
        outcome = command("schema", *arguments, "--schema", "broken.sql")
        assert outcome.code == 2
        assert "pydb: broken.sql" in outcome.err
        assert message in outcome.err


def test_run_does_not_create_a_database(command: Command, tmp_path: Path) -> None:
    """A missing SQLite file is reported, and not created."""
    outcome = command("run", "users.usernames")
    assert outcome.code == 2
    assert "the database app.db does not exist" in outcome.err
    assert not (tmp_path / "app.db").exists()


def test_schema_apply_wants_an_empty_database(command: Command, empty_url: str, engine_name: str) -> None:
    """The schema is created once; a database that has its tables is refused; reset creates the schema again."""
    folder = PROJECT / "sql" / engine_name if engine_name != "sqlite" else PROJECT
    place = ("--db", empty_url, "--schema", str(folder / "schema.sql"))
    assert command("schema", "apply", *place).code == 0
    create = ("run", "users.create", "username=a", "email=a@b", "--commit", "--db", empty_url)
    assert command(*create).code == 0
    again = command("schema", "apply", *place)
    assert again.code == 2
    assert "already has users, " in again.err
    assert command("schema", "reset", "--yes", *place).code == 0
    assert command("run", "users.usernames", "--db", empty_url).out == "username\n"


@pytest.mark.engines("sqlite", "postgresql")
def test_a_schema_reset_that_fails_changes_nothing(command: Command, empty_url: str, tmp_path: Path) -> None:
    """If DDL is transactional, the old tables and their rows are kept when the script is refused."""
    script = tmp_path / "small.sql"
    place = ("--yes", "--schema", "small.sql", "--db", empty_url)
    script.write_text("CREATE TABLE a (id integer);\nINSERT INTO a (id) VALUES (1);\n")
    assert command("schema", "reset", *place).code == 0
    script.write_text("CREATE TABLE a (id integer);\nCREATE TABLE b (id nonsense(;\n")
    assert command("schema", "reset", *place).code == 1
    with pydb.Database(empty_url) as database, database.read() as conn:
        assert conn.exec_driver_sql("SELECT id FROM a").scalars().all() == [1]


def test_schema_reset_asks(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --yes and without an answer, nothing is dropped."""
    command("schema", "apply")
    command("run", "users.create", "username=a", "email=a@b", "--commit")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    outcome = command("schema", "reset")
    assert outcome.code == 2
    assert "nothing was changed" in outcome.err
    assert command("run", "users.usernames").out == "username\na\n"


def test_lint_exits_by_what_it_finds(command: Command, tmp_path: Path) -> None:
    """Lint exits 0 without findings and 1 with findings; the closing line counts files, statements and findings."""
    # Not the sample, because linting it is most of the time of make lint.
    (tmp_path / "schema.sql").write_text("CREATE TABLE users (id integer NOT NULL);\n")
    (tmp_path / "sql" / "users.sql").write_text("-- name: a :many\nSELECT id FROM users ORDER BY id;\n")
    clean = command("lint")
    assert (clean.code, clean.err) == (0, "")
    assert clean.out.startswith("2 files, ")
    assert clean.out.endswith(" statements: no findings\n")
    (tmp_path / "sql" / "users.sql").write_text("-- name: a :many\nSELECT * FROM users;\n")
    found = command("lint")
    assert found.code == 1
    assert found.out.startswith(f"sql{os.sep}users.sql:2:8: DB02 users.a: ")
    assert json.loads(command("lint", "--format", "json").out)["findings"][0]["code"] == "DB02"
    assert command("lint", "--format", "github").out.startswith("::error file=sql")


def test_help_names_the_exit_codes(command: Command) -> None:
    """The help of the command lists the exit codes."""
    out = command("--help").out
    assert "Exit codes: 0 fine; 1 findings" in out
    assert {"list", "show", "run", "schema", "lint"} <= set(out.split())


def _terminal(*arguments: str, columns: int = 100) -> str:
    """The output of a command on a terminal of that width."""
    controller, terminal = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "pydb", *arguments], stdout=terminal, stderr=subprocess.DEVNULL, env=environment
    )
    os.close(terminal)
    output = b""
    try:
        while block := os.read(controller, 65536):
            output += block
    except OSError:
        # On Linux, reading a pseudo-terminal without a writer raises an error.
        pass
    os.close(controller)
    process.wait()
    return output.decode()


@pytest.mark.deep
@pytest.mark.engines("sqlite")
def test_a_terminal_gets_a_table(on: Command, sample_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, rows are in a table, NULL is marked, and control characters of a value are visible."""
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    on("run", "users.create", "username=[red]\x1b[31mx", "email=a@b", "--commit")
    output = _terminal("run", "users.every_user")
    assert "┃" in output
    assert "NULL" in output
    assert "[red]\\x1b[31mx" in output
    narrow = _terminal("run", "users.every_user", columns=20)
    assert "row 1" in narrow


@pytest.mark.deep
@pytest.mark.engines("sqlite")
def test_progress_keeps_out_of_the_rows(on: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """If the error stream is a terminal and the rows go to a file, progress goes only to the terminal."""
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    sets = [{"username": f"user{number}", "email": f"user{number}@example.com"} for number in range(3000)]
    (tmp_path / "sets.json").write_text(json.dumps(sets))
    controller, terminal = pty.openpty()
    shown = b""
    for arguments in (["users.load", "--input", "sets.json", "--commit"], ["users.every_user"]):
        with (tmp_path / "rows.txt").open("wb") as rows:
            command = [sys.executable, "-m", "pydb", "run", *arguments]
            process = subprocess.Popen(command, stdout=rows, stderr=terminal, env={**os.environ, "TERM": "xterm"})
        while process.poll() is None:
            if select.select([controller], [], [], 0.05)[0]:
                shown += os.read(controller, 65536)
        # The command may have written more before it ended.
        while select.select([controller], [], [], 0)[0]:
            shown += os.read(controller, 65536)
        assert process.returncode == 0
    os.close(terminal)
    os.close(controller)
    assert b"sending" in shown
    assert b"3000/3000" in shown
    assert b"user2999" not in shown
    lines = (tmp_path / "rows.txt").read_text().splitlines()
    assert (len(lines), lines[0], lines[-1].split("\t")[1]) == (3001, "id\tusername\tage", "user2999")


@pytest.mark.deep
@pytest.mark.engines("sqlite")
def test_a_reader_that_leaves_early_is_no_error(on: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`pydb run … | head -1` ends without an error."""
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    sets = [{"username": f"user{number}", "email": f"user{number}@example.com"} for number in range(20_000)]
    (tmp_path / "sets.json").write_text(json.dumps(sets))
    assert on("run", "users.load", "--input", "sets.json", "--commit").out == "affected\n20000\n"
    line = f"{shlex.quote(sys.executable)} -m pydb run users.every_user | head -1"
    done = subprocess.run(line, shell=True, capture_output=True, text=True)
    assert done.stdout == "id\tusername\tage\n"
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        pytest.param(("list", "--format", "csv"), marks=pytest.mark.deep),
        pytest.param(("show", "users.create"), marks=pytest.mark.deep),
    ],
)
def test_a_reader_that_has_gone_is_exit_code_0(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """A command whose output nobody reads ends with exit code 0, so that ``set -o pipefail`` and head work together."""
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    process = subprocess.Popen(
        [sys.executable, "-m", "pydb", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait() == 0
    assert process.stderr.read() == b""
    process.stderr.close()
