"""The output of ``pydb list`` and ``pydb show``."""

from __future__ import annotations

import json

import pytest

from pydb.cli.list_show import definition_named
from pydb.errors import PydbError
from pydb.sqlfile.loader import read
from tests.harness.projects import Project

BY_ID = {
    "statement": "users.by_id",
    "rows": "maybe",
    "shape": "User",
    "levels": [],
    "parameters": [
        {
            "name": "id",
            "kind": "value",
            "type": None,
            "nullable": None,
            "several": False,
            "required": True,
            "default": None,
            "choices": [],
        }
    ],
    "engines": ["sqlite", "postgresql", "mariadb"],
    "documentation": "One user by key.",
    "file": "sql/users.sql",
    "line": 1,
}


def test_list(project: Project) -> None:
    """The list has each statement with its results, parameters and documentation."""
    lines = project.pydb("list").out.splitlines()
    assert lines[1] == "users.by_id\tmaybe\tUser\tid\tall\tOne user by key."
    rows = json.loads(project.pydb("list", "--format", "json").out)
    assert [row["statement"] for row in rows] == ["users.by_id", "users.names", "users.add", "users.rename"]
    assert rows[0] == BY_ID


def test_the_types_of_a_list_are_those_that_were_generated(project: Project) -> None:
    """The list uses the generated types and no database; with --sql it has no types."""
    project.generate()
    for options, expected in (([], ("int", False)), (["--sql", "sql"], (None, None))):
        rows = json.loads(project.pydb("list", "--format", "json", *options).out)
        [parameter] = rows[0]["parameters"]
        assert (parameter["type"], parameter["nullable"]) == expected


def test_show(project: Project) -> None:
    """Show prints the documentation, the types, and the text as written."""
    out = project.pydb("show", "users.by_id").out
    assert out.startswith("users.by_id :maybe User\nsql/users.sql:1\n\nOne user by key.\n")
    assert "parameters\n  id int\n" in out
    assert "columns\n  id int\n  name str\n  is_admin bool\n" in out
    assert "FROM users\nWHERE id = :id;" in out


def test_show_of_an_engine_s_own(project: Project) -> None:
    """Show prints each form with its engines; without a form for SQLite there are no types."""
    text = project.read("sql/users.sql").partition("-- name: names")[0]
    project.write({"sql/mariadb/users.sql": text})
    project.write({"sql/mariadb/more.sql": "-- name: other :many scalar\nSELECT 1;\n"})
    shown = project.pydb("show", "users.by_id").out
    assert "sqlite, postgresql  sql/users.sql:3" in shown
    assert "mariadb  sql/mariadb/users.sql:3" in shown
    assert "not described: it has no form for sqlite" in project.pydb("show", "more.other").out


def test_a_name_that_is_not_there(project: Project) -> None:
    """For an unknown name, the hint has the nearest names."""
    definitions = read(project.folder / "sql")
    assert definition_named(definitions, "users.add").name == "users.add"
    with pytest.raises(PydbError, match=r"no statement is named 'users.nam'.*hint: did you mean users.names"):
        definition_named(definitions, "users.nam")


SEARCH = """\
-- name: search :many User
-- Users as the list page asks.
-- @param only_admins bool
SELECT id, name, is_admin
FROM users
WHERE
    TRUE
    AND is_admin -- if :only_admins
    AND name IN (:names) -- if :names
    AND id = :id -- if :id
    AND id IS NULL -- if :id is null
ORDER BY
    id DESC -- if :order = newest
    -- id -- if :order = oldest
LIMIT :limit;
"""


def test_optional_names_are_listed(project: Project) -> None:
    """An optional parameter has a question mark, and a choice has its values, the default first."""
    project.write({"sql/more.sql": SEARCH})
    [_, line, *_] = project.pydb("list").out.splitlines()
    assert line.split("\t")[3] == "only_admins?, names?, id?, order=newest|oldest, limit"
    (row, *_) = json.loads(project.pydb("list", "--format", "json").out)
    keys = ("name", "kind", "type", "several", "required", "default", "choices")
    assert [tuple(parameter[key] for key in keys) for parameter in row["parameters"]] == [
        ("only_admins", "flag", "bool", False, False, False, []),
        ("names", "value", None, True, False, None, []),
        ("id", "value", None, False, False, None, []),
        ("order", "choice", "str", False, False, "newest", ["newest", "oldest"]),
        ("limit", "value", None, False, True, None, []),
    ]


def test_show_as_json(project: Project) -> None:
    """As JSON, show prints the entry of list with types, columns and forms."""
    shown = json.loads(project.pydb("show", "users.by_id", "--format", "json").out)
    sql = "SELECT\n    id,\n    name,\n    is_admin\nFROM users\nWHERE id = :id;"
    columns = [("id", "int"), ("name", "str"), ("is_admin", "bool")]
    assert shown == {
        **BY_ID,
        "parameters": [{**BY_ID["parameters"][0], "type": "int", "nullable": False}],  # type: ignore[index]
        "sql": sql,
        "columns": [{"name": name, "type": type_, "nullable": False, "level": None} for name, type_ in columns],
        "not_described": None,
        "forms": [{"engines": ["sqlite", "postgresql", "mariadb"], "file": "sql/users.sql", "line": 3, "sql": sql}],
    }
    project.write({"sql/more.sql": SEARCH})
    shown = json.loads(project.pydb("show", "more.search", "--with", "names", "--format", "json").out)
    assert "AND name IN (:names)" in shown["sql"]
    assert ":id" not in shown["sql"]
    (project.folder / "schema.sql").unlink()
    shown = json.loads(project.pydb("show", "users.by_id", "--format", "json").out)
    assert shown["columns"] is None
    assert "schema.sql" in shown["not_described"]


def test_nested_rows_as_json(project: Project) -> None:
    """Each column names its level."""
    project.write(
        {
            "sql/more.sql": "-- name: pairs :many User\n-- @embed other User\n"
            "SELECT u.id, o.id AS other__id FROM users AS u LEFT OUTER JOIN users AS o ON o.id = u.id;\n"
        }
    )
    shown = json.loads(project.pydb("show", "more.pairs", "--format", "json").out)
    assert shown["levels"] == [{"path": "other", "record": "User", "many": False, "json": False}]
    assert [(column["name"], column["level"]) for column in shown["columns"]] == [("id", None), ("other__id", "other")]


def test_show_of_optional_lines(project: Project) -> None:
    """Show prints the parameters with their types, and the text as written with its marks."""
    project.write({"sql/more.sql": SEARCH})
    out = project.pydb("show", "more.search").out
    expected = "only_admins? bool\n  names? (several) str\n  id? int?\n  order=newest|oldest\n  limit int\n"
    assert f"parameters\n  {expected}" in out
    assert "AND name IN (:names) -- if :names\n" in out


def test_show_of_one_variant(project: Project) -> None:
    """``--with`` prints the SQL of such a call, with the variant's name and its parameters."""
    project.write({"sql/more.sql": SEARCH})
    out = project.pydb("show", "more.search", "--with", "names, order=oldest,id=null").out
    assert out.startswith("more.search[names,id=null,order=oldest] :many User\n")
    assert "parameters\n  names (several) str\n  limit int\n" in out
    sql = "SELECT id, name, is_admin\nFROM users\nWHERE\n    TRUE\n    AND name IN (:names)\n    AND id IS NULL\n"
    assert f"{sql}ORDER BY\n    id\nLIMIT :limit;\n" in out
    assert project.pydb("show", "more.search", "--with", "").out.startswith("more.search :many User\n")


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("more.search", "name", "did you mean names?"),
        ("more.search", "order=latest", "order=newest"),
        ("users.by_id", "id", "users.by_id has no optional lines"),
    ],
)
def test_a_variant_that_is_not_there(project: Project, name: str, given: str, message: str) -> None:
    """A name or value that the statement lacks is an error with the existing ones."""
    project.write({"sql/more.sql": SEARCH})
    done = project.pydb("show", name, "--with", given)
    assert done.code == 2
    assert message in done.err


NESTED = """\
-- name: nested :many UserWithOthers
-- @group others Other
-- @embed others.friend Friend
-- @group all Friend json
SELECT u.id, o.id AS others__id, f.id AS others__friend__id,
    (SELECT json_group_array(json_object('id', id)) FROM users) AS "all"
FROM users AS u
LEFT OUTER JOIN users AS o ON o.id > u.id
LEFT OUTER JOIN users AS f ON f.id > o.id;
"""


def test_levels_are_a_tree(project: Project) -> None:
    """``show`` prints the columns of a level below it, and ``list`` has the paths beside the record."""
    project.write({"sql/more.sql": NESTED})
    assert (
        "columns\n  id int\n  others tuple[Other, ...]\n    id int\n    friend Friend?\n      id int\n"
        "  all tuple[Friend, ...] json\n"
    ) in project.pydb("show", "more.nested").out
    assert "\tUserWithOthers (others, others.friend, all)\t" in project.pydb("list").out
    (row, *_) = json.loads(project.pydb("list", "--format", "json").out)
    levels = [(level["path"], level["record"], level["many"], level["json"]) for level in row["levels"]]
    assert levels == [
        ("others", "Other", True, False),
        ("others.friend", "Friend", False, False),
        ("all", "Friend", True, True),
    ]
