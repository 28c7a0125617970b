"""`pydb generate` refuses what it cannot type or name, with file and line, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.projects import CONFIGURED, Project, project_in

SCHEMA = """\
CREATE TABLE users (
    id integer NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
    name text NOT NULL,
    born_on date,
    credit numeric(10, 2) NOT NULL,
    anything any
);
"""

RECORD = """\
from dataclasses import dataclass


@dataclass(frozen=True)
class User:
    {fields}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """A project without statements."""
    with project_in(tmp_path, monkeypatch, capsys) as project:
        project.write({"schema.sql": SCHEMA, "app/__init__.py": ""})
        yield project


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(
            "-- name: a :many A\n-- @column name Role\nSELECT name FROM users;\n",
            [
                "sql/s.sql:1: G101 s.a: @column name names Role, which cannot be imported"
                "    hint: write its module too: app.types.Role"
            ],
            id="type-without-a-module",
        ),
        pytest.param(
            "-- name: a :many scalar\n-- @param name app.nosuch.Role\nSELECT id FROM users WHERE name = :name;\n",
            [
                "sql/s.sql:1: G101 s.a: @param name names app.nosuch.Role, which cannot be imported"
                "    hint: check its spelling"
            ],
            id="type-that-is-not-there",
        ),
        pytest.param(
            "-- name: a :many A\nSELECT id FROM users;\n\n\n-- name: b :many A\nSELECT name AS id FROM users;\n",
            [
                "sql/s.sql:5: G102 s.b: column id is str here but int in another statement of the record"
                "    hint: add -- @column id <type>"
            ],
            id="types-of-one-record",
        ),
        pytest.param(
            "-- name: a :many A\n-- @column id int\nSELECT id FROM users;\n\n\n"
            "-- name: b :many A\n-- @column id bool\nSELECT id FROM users;\n",
            ["sql/s.sql:6: G102 s.b: @column id is bool here but int in an earlier statement    hint: state it once"],
            id="directives-of-one-record",
        ),
        pytest.param(
            "-- name: a :many A\nSELECT id, name FROM users;\n\n\n-- name: b :many A\nSELECT name, id FROM users;\n",
            [
                "sql/s.sql:5: G103 s.b: A has the columns name, id here, but id, name in s.a"
                "    hint: list the same columns in the same order, or name another record"
            ],
            id="columns-of-one-record",
        ),
        pytest.param(
            '-- name: a :many A\nSELECT id AS "two words", name AS "class" FROM users;\n',
            [
                "sql/s.sql:1: G104 s.a: column two words cannot be a field    hint: line 2: id AS two_words",
                "sql/s.sql:1: G104 s.a: column class cannot be a field    hint: line 2: name AS class_",
            ],
            id="field-names",
        ),
        pytest.param(
            "-- name: a :many A\nSELECT id AS ｉｄ２, name AS ª, born_on AS ｃlass, credit AS ｍro FROM users;\n",
            [
                "sql/s.sql:1: G104 s.a: Python would read the column ｉｄ２ as id2    hint: line 2: id AS id2",
                "sql/s.sql:1: G104 s.a: Python would read the column ª as a    hint: line 2: name AS a",
                "sql/s.sql:1: G104 s.a: Python would read the column ｃlass as class"
                "    hint: line 2: born_on AS class_",
                "sql/s.sql:1: G104 s.a: Python would read the column ｍro as mro    hint: line 2: credit AS mro_",
            ],
            id="field-names-that-python-normalises",
        ),
        pytest.param(
            "-- name: a :many A\nSELECT id AS __id, name AS __class__, born_on AS mro FROM users;\n",
            [
                "sql/s.sql:1: G104 s.a: column __id cannot be a field    hint: line 2: id AS id",
                "sql/s.sql:1: G104 s.a: column __class__ cannot be a field    hint: line 2: name AS class_",
                "sql/s.sql:1: G104 s.a: column mro cannot be a field    hint: line 2: born_on AS mro_",
            ],
            id="field-names-of-python",
        ),
        pytest.param(
            "-- name: a_b :many\nSELECT id FROM users;\n\n\n-- name: aB :many\nSELECT name FROM users;\n",
            [
                "sql/s.sql:1: G104 s.a_b: ABRow would be defined twice    hint: rename the statement",
                "sql/s.sql:5: G104 s.aB: ABRow would be defined twice    hint: rename the statement",
            ],
            id="rows-of-one-name",
        ),
        pytest.param(
            "-- name: aSet :many scalar\nSELECT id FROM users;\n\n\n"
            "-- name: ASet :many scalar\nSELECT id FROM users;\n\n\n"
            "-- name: a :batch\nUPDATE users SET name = :name WHERE id = :id;\n",
            [
                "sql/s.sql:5: G104 s.ASet: ASet would be defined twice    hint: rename the statement",
                "sql/s.sql:9: G104 s.a: ASet would be defined twice    hint: rename the statement",
            ],
            id="a-function-and-a-set-of-one-name",
        ),
        pytest.param(
            "-- name: a :many SQL\nSELECT id FROM users;\n",
            ["sql/s.sql:1: G104 s.a: records.py already defines SQL    hint: give the record another name"],
            id="record-name",
        ),
        pytest.param(
            "-- name: name :one A\nINSERT INTO users (name, credit) VALUES (:name, :credit) RETURNING id, name;\n",
            [
                "sql/s.sql:1: G104 s.name: the column name of A has the name of the record or of one of its methods"
                "    hint: rename it with AS"
            ],
            id="field-and-factory",
        ),
        pytest.param(
            "-- name: a :many scalar\nSELECT id FROM users WHERE id = :_id;\n",
            ["sql/s.sql:1: G104 s.a: the parameter :_id starts with an underscore    hint: start it with a letter"],
            id="parameter-name",
        ),
    ],
)
def test_each_slip_is_found_at_its_line(project: Project, statements: str, expected: list[str]) -> None:
    """Each refusal has a code, the mistake and its solution; the exit code is 1 and no file is written."""
    project.write({"sql/s.sql": statements})
    done = project.pydb("generate")
    assert done.out.splitlines()[:-1] == expected
    assert done.code == 1
    assert not (project.folder / "app/db").exists()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("records.sql", "records.py contains the records"),
        ("A.sql", "a record has the same name, A"),
        ("reports.sql", "a folder has the same name, reports"),
        ("records/b.sql", "records.py contains the records"),
        ("A/b.sql", "a record has the same name, A"),
    ],
)
def test_a_file_whose_module_has_no_room(project: Project, file: str, message: str) -> None:
    """A .sql file for which a name would exist twice is refused."""
    statement = "-- name: a :many A\nSELECT id FROM users;\n"
    project.write({f"sql/{file}": statement, "sql/reports/b.sql": statement})
    done = project.pydb("generate")
    assert done.code == 1
    assert f"sql/{file}:1: G104 " in done.out
    assert message in done.out


def test_what_check_finds_comes_first(project: Project) -> None:
    """An error of `pydb check` stops `generate`, with the code of `check`."""
    project.write({"sql/s.sql": "-- name: a :many A\nSELECT nosuch FROM users;\n"})
    done = project.pydb("generate")
    assert done.code == 1
    assert "sql/s.sql:2:8: C101 s.a:" in done.out
    assert not (project.folder / "app/db").exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("id: int", "User has the fields id, but the statement has the columns id, name, born_on"),
        ("id: int\n    born_on: date | None\n    name: str", "User has the fields id, born_on, name"),
        ("id: bytes\n    name: str\n    born_on: date | None", "User.id is bytes, but the column is int"),
        (
            "id: int\n    name: str\n    born_on: date",
            "User.born_on may be NULL, but its annotation does not allow None    hint: annotate it as date | None",
        ),
        ("id: int\n    name: str\n    born_on: complex", "field born_on: complex is not a type"),
    ],
)
def test_a_record_by_hand_that_does_not_fit(project: Project, fields: str, message: str) -> None:
    """A record of the application is compared with its statements, and not written."""
    own = "from datetime import date\n" + RECORD.format(fields=fields)
    project.write(
        {
            "pyproject.toml": CONFIGURED + 'records = "app.own"\n',
            "app/own.py": own,
            "sql/s.sql": "-- name: a :many User\nSELECT id, name, born_on FROM users;\n",
        }
    )
    done = project.pydb("generate")
    assert done.code == 1
    assert "sql/s.sql:1: G105 s.a: " in done.out
    assert message in done.out


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('records = "app.nosuch"', "app.nosuch cannot be imported: ModuleNotFoundError"),
        ('records = "two words"', "[tool.pydb] records must be a dotted name"),
        ('[tool.pydb.records.User]\nbases = "app.Base"', "[tool.pydb] records.User must be a table with bases"),
        ('[tool.pydb.records.User]\nbases = ["Base"]', "the base Base of User has no module"),
        ('[tool.pydb.records.User]\nbase = ["app.Base"]', "[tool.pydb] records.User must be a table with bases"),
        ('[tool.pydb.records.Usr]\nbases = ["app.Base"]', "no statement returns the record Usr"),
    ],
)
def test_settings_that_cannot_be_meant(project: Project, setting: str, message: str) -> None:
    """A wrong setting is an error with its name; the exit code is 2."""
    project.write(
        {
            "pyproject.toml": CONFIGURED + setting + "\n",
            "sql/s.sql": "-- name: a :many User\nSELECT id, name FROM users;\n",
        }
    )
    done = project.pydb("generate")
    assert done.code == 2
    assert message in done.err
    assert not (project.folder / "app/db").exists()


def test_a_record_that_says_another_module(project: Project) -> None:
    """A record that was made by a call, and one with another name, are imported from their modules."""
    made = "from dataclasses import make_dataclass\n\nUser = make_dataclass('User', [('id', int)])\nOther = User\n"
    statements = "-- name: a :many User\nSELECT id FROM users;\n\n\n-- name: b :many Other\nSELECT id FROM users;\n"
    project.write(
        {
            "pyproject.toml": CONFIGURED + 'records = "app.own"\n',
            "app/own.py": made.replace("Other = User", "Other = make_dataclass('Another', [('id', int)])"),
            "sql/s.sql": statements,
        }
    )
    project.generate()
    assert "from app.own import Other, User\n" in project.read("app/db/records.py")


NAMED = [
    *("app.class", "a..b", "app.db; import os", "app.db\\n", "app.", ".db", "", "app.None", "__main__", "app.__init__"),
    *("ﬁ.db", "app.ª", "app.x\\u09f4", "app db", "app.db\\u202e", "(app)"),
]


@pytest.mark.parametrize(
    ("key", "setting"),
    [
        *((key, f'{key} = "{name}"') for key in ("package", "records") for name in NAMED),
        *(("records.module", f'records = {{ module = "{name}" }}') for name in NAMED[:3]),
        *(("modules", f'modules = ["app.types", "{name}"]') for name in NAMED),
        *(("records.User.bases", f'records = {{ User = {{ bases = ["{name}"] }} }}') for name in NAMED),
        ("records.User.bases", 'records = { User = { bases = ["a.B, metaclass=evil()"] } }'),
        ("records.User.bases", 'records = { User = { bases = ["a.B", "a.B"] } }'),
        ("records.User.bases", "records = { User = { bases = [1] } }"),
        ("records: 'User(): pass\\nimport os'", 'records = { "User(): pass\\nimport os" = { bases = ["a.B"] } }'),
        ("records: 'class'", 'records = { class = { bases = ["a.B"] } }'),
        ("modules", 'modules = "app.types"'),
        ("modules", 'modules = ["app.types", "app.types"]'),
        ("package", "package = 1"),
        ("package", 'package = "os.path"'),
        ("package", 'package = "sqlalchemy.app"'),
        ("package", 'package = "pydb"'),
        ("records", 'records = "json"'),
        ("sql", 'sql = "a\\u0000b"'),
        ("must be a table", ""),
    ],
)
def test_a_name_that_python_cannot_import(project: Project, key: str, setting: str) -> None:
    """A setting that is not a Python name, or names another module, is refused in one line with its file and key."""
    others = [line for line in CONFIGURED.splitlines() if line.partition(" = ")[0] != setting.partition(" = ")[0]]
    project.write({"pyproject.toml": "\n".join([*others, setting]) if setting else "[tool]\npydb = 1\n"})
    project.write({"sql/s.sql": "-- name: a :many User\nSELECT id, name FROM users;\n"})
    done = project.pydb("generate")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"pydb: pyproject.toml: [tool.pydb] {key}")
    assert (done.err.count("\n"), "\u202e" in done.err) == (1, False)
    assert list(project.files()) == ["app/__init__.py"]


def test_without_a_package_there_is_nothing_to_write(project: Project) -> None:
    """If no package is configured, the error shows the setting."""
    project.write({"pyproject.toml": '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n'})
    done = project.pydb("generate")
    assert done.code == 2
    assert '[tool.pydb] package = "app.db"' in done.err


ONLY_THERE = "-- name: now :one scalar\nSELECT CAST(count(*) AS integer) AS n FROM pg_class;\n"


def test_a_statement_of_a_server_alone_needs_the_server(project: Project, empty_urls: dict[str, str]) -> None:
    """PostgreSQL determines the types of a form that only PostgreSQL has; without PostgreSQL the form is refused."""
    schema = "CREATE TABLE users (id integer NOT NULL CONSTRAINT users_pkey PRIMARY KEY);\n"
    project.write(
        {
            "schema.sql": schema,
            "sql/postgresql/schema.sql": schema,
            "sql/postgresql/s.sql": ONLY_THERE,
            "sql/users.sql": "-- name: by_id :maybe User\nSELECT id FROM users WHERE id = :id;\n",
        }
    )
    done = project.pydb("generate")
    assert done.code == 1
    assert "sql/postgresql/s.sql:1: G106 s.now: it exists only on postgresql" in done.out
    done = project.pydb("generate", "--db", empty_urls["postgresql"])
    assert (done.code, done.out) == (0, "app.db: 2 statements: 5 files written\n")
    assert "def now(conn: Connection, /) -> int" in project.read("app/db/s.py")


def test_types_are_those_that_fit_on_every_engine(project: Project, empty_urls: dict[str, str]) -> None:
    """SQLite's text may be a date; with PostgreSQL, whose column is a date, it is a date."""
    project.write(
        {
            "schema.sql": "CREATE TABLE days (id integer NOT NULL PRIMARY KEY, day text NOT NULL);\n",
            "sql/postgresql/schema.sql": "CREATE TABLE days (id integer NOT NULL PRIMARY KEY, day date NOT NULL);\n",
            "sql/days.sql": "-- name: create :one Day\nINSERT INTO days (day) VALUES (:day) RETURNING id, day;\n",
        }
    )
    assert project.pydb("generate").code == 0
    assert "    day: str\n" in project.read("app/db/records.py")
    done = project.pydb("generate", "--db", empty_urls["postgresql"])
    assert done.code == 0, done.out
    assert "    day: date\n" in project.read("app/db/records.py")
    assert "day: date)" in project.read("app/db/days.py")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_a_column_that_python_normalises(project: Project, empty_urls: dict[str, str], engine: str) -> None:
    """On each engine such a column is refused with a line to write, and with this line the record has the type."""
    schema = "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, ª integer NOT NULL);\n"
    project.write({"schema.sql": schema, f"sql/{engine}/schema.sql": schema})
    server = [] if engine == "sqlite" else ["--db", empty_urls[engine]]
    columns = '"ª" AS "ﬁ", id AS ｉｄ２, id AS "__id", id AS "x\u202e"'
    project.write({f"sql/{engine}/s.sql": f"-- name: a :many A\nSELECT {columns} FROM users;\n"})
    done = project.pydb("generate", *server)
    assert done.code == 1
    for expected in (
        'G104 s.a: Python would read the column ﬁ as fi    hint: line 2: "ª" AS fi',
        "G104 s.a: Python would read the column ｉｄ２ as id2    hint: line 2: id AS id2",
        "G104 s.a: column __id cannot be a field    hint: line 2: id AS id",
    ):
        assert f"sql/{engine}/s.sql:1: {expected}\n" in done.out
    assert done.out.count("G104") == 4
    project.write({f"sql/{engine}/s.sql": '-- name: a :many A\nSELECT "ª" AS fi, id AS id2, id AS é FROM users;\n'})
    done = project.pydb("generate", *server)
    assert done.code == 0, done.out
    with project.imported() as package:
        assert list(package.A.__slots__) == ["fi", "id2", "é"]
