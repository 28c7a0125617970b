"""Text from files, databases and arguments that could control a terminal or a CI system is never printed unescaped."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import pty
import re
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category

import pytest

import pydb
from pydb.cli import main
from pydb.cli.printing import crash, escaping
from pydb.cli.progress import counted
from pydb.errors import CheckViolation, PydbError
from tests.harness.projects import Project, project_in

LINE = (
    "\x1b[2J\x1b]0;t\x07 :smile: [red]x[/red] \u202e\u2066\u061c "
    "\u200b\u200d\u2060\ufeff \x9b1m\x7f ##[error]forged ##vso[x]"
)
"""What can be in one line of a file."""

FORGED = "\n::error file=a.py,line=1::forged\n ::warning::forged\u2028::notice::forged"
HOSTILE = f"{LINE}{FORGED}"

# The name of an object of a server: PostgreSQL allows 63 bytes, MariaDB characters up to U+FFFF.
NAME = "\x1b[2J\u202e\n::error::x\n##[error]"

SCHEMA = f"""\
CREATE TABLE "evil{HOSTILE}" (
    id integer NOT NULL CONSTRAINT "key{HOSTILE}" PRIMARY KEY,
    "column{HOSTILE}" text NULL CONSTRAINT "check{HOSTILE}" CHECK ("column{HOSTILE}" <> 'bad'),
    CONSTRAINT "unique{HOSTILE}" UNIQUE ("column{HOSTILE}")
);
"""

STATEMENTS = f"""\
-- Statements. {LINE}

-- name: documented :many
-- {LINE}
-- ::error file=a.py,line=1::forged
SELECT id, "column{HOSTILE}", '{HOSTILE}' AS literal FROM "evil{HOSTILE}" ORDER BY id;


-- name: no_column :many
SELECT "absent{HOSTILE}" FROM "evil{HOSTILE}" AS e;


-- name: no_table :many
SELECT id FROM "absent{HOSTILE}";


-- name: twice :many
SELECT id AS "a{HOSTILE}", id AS "a{HOSTILE}" FROM "evil{HOSTILE}";


-- name: two_columns :many scalar
SELECT id, "column{HOSTILE}" FROM "evil{HOSTILE}";


-- name: add :exec
INSERT INTO "evil{HOSTILE}" VALUES (:id, :value);


-- name: add_all :batch
INSERT INTO "evil{HOSTILE}" VALUES (:id, :value);


-- name: syntax :exec
UPDATE "evil{HOSTILE}" SET "x{HOSTILE}" "y{HOSTILE}" = 1 WHERE id = :id;
"""


def assert_harmless(text: str, annotations: int = 0) -> None:
    """Fail for control and invisible characters except line breaks and tabs, and for commands of CI systems."""
    seen = [character for character in text if not (character.isprintable() or category(character) == "Zs")]
    assert set(seen) <= set("\n\t"), ascii(set(seen))
    lines = text.split("\n")
    assert [line for line in lines if re.search(r"##\w*\[", line)] == []
    commands = [line for line in lines if re.match(r"\s*::.*::", line)]
    assert [line for line in commands if not re.match(r"::(error|notice) file=[\w./%]+,line=", line)] == []
    assert len(commands) == annotations


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """A project with hostile text everywhere, and a database with two rows."""
    configured = '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\nurl = "sqlite:///app.db"\npackage = "app.db"\n'
    with project_in(tmp_path, monkeypatch, capsys, configured) as made:
        (tmp_path / "sql").mkdir()
        (tmp_path / "sql" / "evil.sql").write_text(STATEMENTS)
        (tmp_path / "schema.sql").write_text(SCHEMA)
        with pydb.Database("sqlite:///app.db") as database:
            database.apply("schema.sql")
            with database.begin() as conn:
                conn.exec_driver_sql(f'INSERT INTO "evil{HOSTILE}" VALUES (1, ?), (2, NULL)', (HOSTILE,))
        yield made


COMMANDS: list[tuple[str, ...]] = [
    *(("list", "--format", form) for form in ("table", "json", "csv")),
    *(("show", f"evil.{name}") for name in ("documented", "no_column", "twice", "add", "syntax")),
    *(("run", "evil.documented", "--format", form) for form in ("table", "json")),
    *(
        ("run", f"evil.{name}", "--format", form)
        for name in ("no_column", "no_table", "twice", "two_columns")
        for form in ("table", "json")
    ),
    ("run", "evil.no_table", "--format", "csv"),
    ("run", "evil.add", "id=1", "value=x", "--commit"),
    ("run", "evil.add", "id=3", f"value={HOSTILE}", "--commit"),
    ("run", "evil.add", "id=3", "value=bad", "--commit"),
    ("run", "evil.syntax", "id=1"),
    ("schema", "apply"),
    ("schema", "reset"),
    ("schema", "reset", "--yes"),
    *(("lint", "--format", form) for form in ("text", "json")),
    *(("check", "--format", form) for form in ("text", "json")),
    *(("generate", "--format", form) for form in ("text", "json")),
    # Arguments.
    (HOSTILE,),
    ("list", f"--{HOSTILE}"),
    ("list", HOSTILE),
    ("list", "--format", HOSTILE),
    ("list", "--sql", HOSTILE),
    ("show", HOSTILE),
    ("run", f"evil.add{HOSTILE}"),
    ("run", "evil.add", HOSTILE),
    ("run", "evil.add", f"{HOSTILE}=1"),
    ("run", "evil.add", "id=1", "id=2"),
    ("run", "evil.add", "id=1", "other=2", "ＷＩＤＥ=3"),
    ("run", "evil.add_all", "--input", HOSTILE),
    ("run", "evil.add_all", "--input", "sets.json"),
    ("run", "evil.add_all", "--input", "sets.csv"),
    ("run", "evil.documented", "--db", HOSTILE),
    ("run", "evil.documented", "--db", f"{HOSTILE}://user:password@host/name"),
    ("run", "evil.documented", "--db", f"sqlite:///{HOSTILE}"),
    ("run", "evil.documented", "--db", f"sqlite:///app.db?{HOSTILE}={HOSTILE}"),
    ("run", "evil.documented", "--db", f"postgresql+psycopg://u:p@127.0.0.1:1/{HOSTILE}"),
    ("run", "evil.documented", "--db", f"mariadb+pymysql://u:p@127.0.0.1:1/?{HOSTILE}=x"),
    ("schema", "apply", "--db", f"sqlite:///new{HOSTILE.replace('/', '')}.db"),
    ("schema", "apply", "--schema", HOSTILE),
    ("check", "--schema", HOSTILE),
    ("check", "--db", f"oracle://{LINE}"),
    ("lint", "--schema", HOSTILE),
    ("init", f"new{HOSTILE}"),
    # Bytes in an argument that are not UTF-8 are lone surrogates.
    ("\udcff",),
    ("list", "--sql", "\udcff"),
    ("show", "\udcff"),
    ("run", "evil.add", "id=9", "value=\udcff"),
    ("run", "evil.add", "\udcff=1"),
    ("run", "evil.documented", "--db", "sqlite:///\udcff"),
]


@pytest.mark.deep
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: ascii(" ".join(arguments))[1:50])
def test_every_command(project: Project, arguments: tuple[str, ...]) -> None:
    """No command prints anything that could control a terminal or a CI system, on either stream."""
    project.write({"sets.json": json.dumps([{"id": 1, HOSTILE: 1}])})
    (project.folder / "sets.csv").write_text(f'id,"{HOSTILE}"\n1,2\n')
    done = project.pydb(*arguments)
    assert done.out or done.err
    assert_harmless(done.out)
    assert_harmless(done.err)


@pytest.mark.parametrize("command", ["lint", "check", "generate"])
def test_annotations(project: Project, command: str) -> None:
    """In GitHub's format, each finding is one annotation, and there are no others."""
    count = len(json.loads(project.pydb(command, "--format", "json").out)["findings"])
    done = project.pydb(command, "--format", "github")
    assert count > 3
    assert_harmless(done.out, annotations=count)
    assert_harmless(done.err)


def test_data_for_programs(project: Project) -> None:
    """JSON and CSV give a program the stored values."""
    (row, _) = json.loads(project.pydb("run", "evil.documented", "--format", "json").out)
    assert row == {"id": 1, f"column{HOSTILE}": HOSTILE, "literal": HOSTILE}
    text = project.pydb("run", "evil.documented", "--format", "csv").out
    (row, _) = csv.DictReader(io.StringIO(text))
    assert row == {"id": "1", f"column{HOSTILE}": HOSTILE, "literal": HOSTILE}


@pytest.mark.deep
@pytest.mark.parametrize(
    "text",
    [
        f"-- name: {LINE} :many\nSELECT 1;\n",
        f"-- name: a :{LINE}\nSELECT 1;\n",
        f"-- name: a :many {LINE}\nSELECT 1;\n",
        f"-- name: a :many\n-- @{LINE} x int\nSELECT 1;\n",
        f"-- name: a :many\n-- @param {LINE} int\nSELECT 1;\n",
        f"-- name: a :many\n-- @param x {LINE}\nSELECT :x;\n",
        f"-- name: a :many\nSELECT 1 AS x {LINE};\n",
        f"-- name: a :many\nSELECT '{HOSTILE};\n",
        f"{LINE}\n-- name: a :many\nSELECT 1;\n",
        f'-- name: a :many\nSELECT :a AS "{HOSTILE}" ORDER BY :a;\n',
        f"-- name: a :many\nSELECT '{HOSTILE} :a', :a;\n",
    ],
)
def test_broken_files(project: Project, text: str) -> None:
    """The error for a file that breaks the format is harmless, wherever the text is in the file."""
    (project.folder / "sql" / "evil.sql").write_text(text)
    for arguments in (("list",), ("check",), ("check", "--format", "json"), ("lint",)):
        done = project.pydb(*arguments)
        assert_harmless(done.out)
        assert_harmless(done.err)
    error = load_error()
    # The line of SQL and the pointer are separate lines below the message.
    message, *place = f"{error}".split("\n")
    assert len(place) in (0, 2)
    assert "\n" not in repr(error)
    assert_harmless(f"{message} {error!r}")
    assert_harmless("\n".join(place))


def load_error() -> PydbError | None:
    """The error of loading the statements, if there is one."""
    try:
        pydb.load("sql")
    except PydbError as error:
        return error
    return None


@pytest.mark.deep
@pytest.mark.parametrize("name", [f"a{LINE.replace('/', '')}.sql", "a\n::error::forged.sql", "\udcff.sql", "::e::.sql"])
def test_file_names(project: Project, name: str) -> None:
    """The name of a file or folder is escaped, also one that is not UTF-8."""
    (project.folder / "sql" / name).write_text("-- name: a :many\nSELECT 1;\n")
    folder = project.folder / f"more{name}"
    folder.mkdir()
    (folder / "b.sql").write_text("-- name: a :many\nSELECT * FROM x;\n")
    assert_harmless(repr(pydb.load(folder / "b.sql")["b.a"]))
    for arguments in (("list",), ("check",), ("lint",), ("lint", "--sql", folder.name), ("init", folder.name)):
        done = project.pydb(*arguments)
        assert done.out or done.err
        assert_harmless(done.out)
        assert_harmless(done.err)


@pytest.mark.deep
@pytest.mark.parametrize(
    "configured",
    [
        'sql = "{}"\n',
        'sql = "{}"\n"key{}" = 1\n',
        'sql = "sql"\npackage = "{}"\n',
        'sql = "sql"\nurl = "{}"\n',
        'sql = "sql"\nschema = "{}"\n',
        'sql = "sql"\nrecords = "{}"\n',
        'sql = "sql"\n[tool.pydb.records."{}"]\nbases = ["x"]\n',
        'sql = "sql"\n[tool.pydb.records.User]\nbases = ["{}"]\n',
        "sql = {}\n",
    ],
)
def test_settings(project: Project, configured: str) -> None:
    """A wrong setting of pyproject.toml is escaped."""
    text = json.dumps(HOSTILE)[1:-1].replace("\x7f", "\\u007f")
    (project.folder / "pyproject.toml").write_text(f"[tool.pydb]\n{configured.replace('{}', text)}")
    for arguments in (("list",), ("run", "evil.documented"), ("check",), ("generate",), ("schema", "apply")):
        done = project.pydb(*arguments)
        assert_harmless(done.out)
        assert_harmless(done.err)


def test_errors_of_the_database(empty_url: str, engine_name: str, tmp_path: Path) -> None:
    """The name of a constraint, table or column is escaped in an error's text, and unchanged in its attributes."""
    quote = "`" if engine_name == "mariadb" else '"'
    named = {word: f"{word}{NAME}" for word in ("t", "c", "k")}
    table, column, check = (f"{quote}{name}{quote}" for name in named.values())
    (tmp_path / engine_name).mkdir()
    (tmp_path / engine_name / "evil.sql").write_text(
        f"-- name: add :exec\nINSERT INTO {table} VALUES (:value);\n\n\n"
        f"-- name: absent :many\nSELECT * FROM {quote}absent{NAME}{quote};\n"
    )
    queries = pydb.load(tmp_path)
    with pydb.Database(empty_url) as database:
        with database.begin() as conn:
            conn.exec_driver_sql(f"CREATE TABLE {table} ({column} integer, CONSTRAINT {check} CHECK ({column} > 0))")
        with pytest.raises(CheckViolation) as violated, database.begin() as conn:
            queries.evil.add(conn, value=-1)
        with pytest.raises(PydbError) as absent, database.begin() as conn:
            queries.evil.absent(conn)
    for error in (violated.value, absent.value):
        assert_harmless(f"{error} {error!r}")
        assert "\n" not in f"{error}{error!r}"
    if engine_name != "mariadb":  # which escapes its messages in another way
        assert violated.value.constraint == named["k"]


def test_logs(project: Project, caplog: pytest.LogCaptureFixture) -> None:
    """SQLAlchemy's log and pydb's log records contain nothing that could control a terminal."""
    (project.folder / "sql" / "evil.sql").write_text(STATEMENTS.partition("-- name: no_column")[0])
    evil = pydb.load("sql").evil
    debug = logging.DEBUG
    with caplog.at_level(debug, "sqlalchemy"), caplog.at_level(debug, "pydb"):
        with pydb.Database("sqlite:///app.db", echo=True) as database, database.read() as conn:
            assert len(evil.documented(conn)) == 2
            try:
                raise ValueError(HOSTILE)
            except ValueError as error:
                database.engine.pool.logger.error("%s went wrong: %s", HOSTILE, error, exc_info=True)
        with pytest.raises(PydbError), pydb.Database(f"sqlite:////absent/{LINE}.db").begin():
            pass
    said = [logging.Formatter().format(record) for record in caplog.records]
    assert sum("\\x1b[2J" in text for text in said) >= 2
    for text in said:
        assert_harmless(text)


def test_what_libraries_print(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's warnings, unhandled log records and an unexpected traceback are escaped too."""
    (tmp_path / "a.sql").write_text("-- name: one :one scalar\nSELECT 1;\n")
    (tmp_path / "app.db").touch()
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert main(["run", "a.one", "--sql", "a.sql", "--db", f"sqlite:///app.db?{LINE}=x"]) == 2
        with escaping():
            warnings.warn(HOSTILE, stacklevel=1)
    warned = capsys.readouterr().err
    assert "Warning: " in warned
    assert logging.lastResort is not None
    with escaping():
        logging.lastResort.handle(logging.makeLogRecord({"msg": HOSTILE, "levelno": logging.WARNING}))
    crash(ValueError, ValueError(HOSTILE), None)
    printed = warned + capsys.readouterr().err
    assert printed.count("\\x1b[2J") >= 3
    assert_harmless(printed)


def on_terminal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """The output of a command on a terminal, without pydb's own colours and its progress bar."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "2000")
    controller, terminal = pty.openpty()
    read = bytearray()

    def collect() -> None:
        # On Linux, reading from a terminal that is closed at the other end is an error.
        try:
            while data := os.read(controller, 65536):
                read.extend(data)
        except OSError:
            pass

    reader = threading.Thread(target=collect)
    reader.start()
    with monkeypatch.context() as patch, os.fdopen(terminal, "w", encoding="utf-8") as stream:
        patch.setattr("sys.stdout", stream)
        patch.setattr("sys.stderr", stream)
        main(arguments)
    reader.join()
    os.close(controller)
    return re.sub(r"\x1b\[[0-9;]*m|\x1b\[\?25[lh]|\x1b\[2K|\x1b\[1A|\r", "", read.decode())


@pytest.mark.deep
@pytest.mark.parametrize(
    "arguments",
    [
        *(("list", "--format", form) for form in ("table", "json", "csv")),
        ("show", "evil.documented"),
        *(("run", "evil.documented", "--format", form) for form in ("table", "json", "csv")),
        ("run", "evil.no_column"),
        ("run", "evil.add", "id=3", f"value={HOSTILE}", "--commit"),
        ("lint",),
        ("check",),
        ("generate",),
        ("schema", "apply", "--schema", HOSTILE),
        ("run", LINE),
        (HOSTILE,),
    ],
    ids=lambda arguments: ascii(" ".join(arguments))[1:50],
)
def test_on_a_terminal(project: Project, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    """A terminal gets only pydb's own control characters; markup and emoji codes are shown as text."""
    shown = on_terminal(monkeypatch, *arguments)
    assert_harmless(shown)
    assert "\\x1b[2J" in shown or "u001b[2J" in shown
    assert ":smile: [red]x[/red]" in shown


def test_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """The title of a progress bar, such as a server's product, is neither markup nor a format string."""
    monkeypatch.setattr("tests.integration.test_hostile_text.main", lambda arguments: list(counted(arguments, HOSTILE)))
    shown = on_terminal(monkeypatch, "a", "b")
    assert_harmless(shown)
    assert ":smile: [red]x[/red]" in shown
