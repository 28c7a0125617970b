"""``pydb run``: one statement, its rows, and whether its changes are kept."""

from __future__ import annotations

import json
import sqlite3

import pytest

from pydb.cli.run import _writes_inside
from pydb.sqlfile.lexer import token_list
from tests.harness.projects import Project

BY_IDS = """\
-- name: by_ids :many scalar
SELECT name FROM users WHERE id IN (:ids) ORDER BY id;
"""


def names(project: Project) -> list[str]:
    """The names in the database file."""
    database = sqlite3.connect(project.folder / "app.db")
    found = [name for (name,) in database.execute("SELECT name FROM users ORDER BY name")]
    database.close()
    return found


@pytest.mark.parametrize(
    ("arguments", "out", "told"),
    [
        (("users.names",), "name\nann\nbob\neve\n", "3 rows, "),
        (("users.by_id", "id=1"), "id\tname\tis_admin\n1\tann\t0\n", "1 row, "),
        (("users.by_id", "id=9"), "id\tname\tis_admin\n", "0 rows, "),
        (("users.rename", "id=1", "name=x"), "affected\n1\n", "1 row, "),
        (("users.add", "name=x"), "affected\n1\n", "1 row, "),
    ],
)
def test_rows(project: Project, arguments: tuple[str, ...], out: str, told: str) -> None:
    """The rows are on the output; their number, the time and the round trips on the error stream."""
    done = project.pydb("run", *arguments)
    assert (done.code, done.out) == (0, out)
    assert done.err.startswith(told)
    assert "1 round trip" in done.err


def test_values_are_those_of_the_record(project: Project) -> None:
    """If the package is generated, a boolean is printed as a boolean."""
    project.generate()
    (row,) = json.loads(project.pydb("run", "users.by_id", "id=1", "--format", "json").out)
    assert row == {"id": 1, "name": "ann", "is_admin": False}


@pytest.mark.parametrize("commit", [True, False])
def test_what_is_kept(project: Project, commit: bool) -> None:
    """Changes are kept only with ``--commit``."""
    done = project.pydb("run", "users.rename", "id=1", "name=zoe", *(["--commit"] if commit else []))
    assert ("nothing is kept" in done.err) != commit
    assert ("zoe" in names(project)) == commit


def test_a_batch_from_a_file(project: Project) -> None:
    """The sets come from ``--input``, and other parameters are refused."""
    project.write({"more.csv": "name\nfay\ngil\n"})
    assert project.pydb("run", "users.add", "--input", "more.csv", "--commit").code == 0
    assert names(project) == ["ann", "bob", "eve", "fay", "gil"]
    assert "either as key=value or by --input" in project.pydb("run", "users.add", "name=x", "--input", "more.csv").err
    assert "--input is for :batch" in project.pydb("run", "users.names", "--input", "more.csv").err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("users.by_id",), "parameters: missing id    hint: pydb run users.by_id id=…"),
        (("users.by_id", "id=1", "x=1"), "unknown x"),
        (("users.by_id", "1"), "argument 1 after the statement's name is not key=value"),
    ],
)
def test_wrong_parameters(project: Project, arguments: tuple[str, ...], said: str) -> None:
    """Wrong parameters are reported before the database is opened."""
    done = project.pydb("run", *arguments, "--db", "sqlite:///app.db")
    assert done.code == 2
    assert said in done.err


@pytest.mark.parametrize("generated", [True, False])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("users.by_id", "id=abc"), "id takes a value of type int    hint: id=42"),
        (("users.by_id", "id=1.5"), "id takes a value of type int"),
        (("users.by_id", "id="), "id takes a value of type int"),
        (("users.by_id", "id:='abc'"), "the value of id is not JSON"),
        (("users.by_id", 'id:="abc"'), "parameter id is a str"),
        (("lists.by_ids", "ids=1", "ids=x"), "ids takes a value of type int"),
        (("lists.by_ids", 'ids=[1, "x"]'), "ids takes a value of type int"),
    ],
)
def test_values_of_another_type(project: Project, arguments: tuple[str, ...], said: str, generated: bool) -> None:
    """A value that does not have the expected type is refused, with and without a package."""
    project.write({"sql/lists.sql": BY_IDS})
    if generated:
        project.generate()
    done = project.pydb("run", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_values_are_taken_for_their_type(project: Project) -> None:
    """Digits are text if text is expected, and a list of numbers stays a list of numbers."""
    project.write({"sql/lists.sql": BY_IDS})
    assert project.pydb("run", "users.rename", "id=1", "name=007", "--commit").code == 0
    assert project.pydb("run", "users.rename", "id=2", "name=1.50", "--commit").code == 0
    assert names(project) == ["007", "1.50", "eve"]
    for ids in (["ids=1", "ids=3"], ["ids=[1, 3]"], ["ids:=[1, 3]"]):
        assert project.pydb("run", "lists.by_ids", *ids).out == "name\n007\neve\n"


@pytest.mark.parametrize(
    ("sql", "writes"),
    [
        ("SELECT 1 -- (DELETE FROM t\n", False),
        ("SELECT ' (INSERT ' /* FOR UPDATE */", False),
        ("SELECT (replace(a, 'b', 'c')), substring(a FOR 3) FROM t", False),
        ("WITH a AS (/* c */ DELETE FROM t RETURNING 1) SELECT 1", True),
        ("SELECT 1 FROM t FOR -- c\n NO KEY UPDATE", True),
    ],
)
def test_what_writes_inside_of_a_query(sql: str, writes: bool) -> None:
    """Whether a query writes is decided by its code, not by a comment or a string."""
    assert _writes_inside(token_list(sql, "postgresql")) is writes


SEARCH = """\
-- name: search :many scalar
-- @param only_admins bool
SELECT name
FROM users
WHERE
    TRUE
    AND is_admin -- if :only_admins
    AND id IN (:ids) -- if :ids
    AND name = :name -- if :name
    AND name IS NULL -- if :name is null
ORDER BY
    id -- if :order = first
    -- id DESC -- if :order = last
    -- name DESC -- if :order = n1
LIMIT :limit;
"""


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("limit=2",), ["ann", "bob"]),
        (("limit=2", "order=last"), ["eve", "bob"]),
        (("limit=1", "order=n1"), ["eve"]),
        (("limit=9", "ids=1", "ids=3"), ["ann", "eve"]),
        (("limit=9", "only_admins=true"), []),
        (("limit=1", "only_admins=false"), ["ann"]),
        (("limit=9", "name=bob"), ["bob"]),
        (("limit=9", "name=null"), []),
    ],
)
def test_optional_parameters(project: Project, arguments: tuple[str, ...], found: list[str]) -> None:
    """An omitted parameter is left out; a choice is a word, and a flag is true or false."""
    project.write({"sql/more.sql": SEARCH})
    done = project.pydb("run", "more.search", *arguments, "--format", "json")
    assert done.code == 0, done.err
    assert [row["name"] for row in json.loads(done.out)] == found


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "[order=first|last|n1] limit=…"),
        (("limit=1", "order=true"), "order must be first, last or n1"),
        (("limit=1", "only_admins=maybe"), "only_admins takes a value of type bool"),
        (("limit=1", "other=1"), "unknown other"),
    ],
)
def test_optional_parameters_that_do_not_fit(project: Project, arguments: tuple[str, ...], message: str) -> None:
    """Each mistake is named, and the usage shows optional parameters in brackets."""
    project.write({"sql/more.sql": SEARCH})
    done = project.pydb("run", "more.search", *arguments)
    assert done.code == 2
    assert message in done.err


NESTED = """\
-- name: grouped :maybe UserWithAdmins
-- @group others Other
SELECT u.id, o.id AS others__id, o.name AS others__name, o.is_admin AS others__is_admin
FROM users AS u
LEFT OUTER JOIN users AS o ON o.id > u.id
WHERE u.id = :id
ORDER BY o.id;
"""


def test_nested_rows(project: Project) -> None:
    """Nested rows are printed in JSON and in a table, with the types of the records; CSV is refused."""
    project.write({"sql/more.sql": NESTED})
    plain = "3\t[]\n"
    assert project.pydb("run", "more.grouped", "id=3").out == f"id\tothers\n{plain}"
    project.generate()
    done = project.pydb("run", "more.grouped", "id=2", "--format", "json")
    assert json.loads(done.out) == [{"id": 2, "others": [{"id": 3, "name": "eve", "is_admin": False}]}]
    refused = project.pydb("run", "more.grouped", "id=2", "--format", "csv")
    assert (refused.code, refused.out) == (2, "")
    assert "nested rows cannot be written as CSV    hint: use --format json or --format table" in refused.err
