"""The plans of statements and of their variants."""

from pydb.describe import DescribedStatement, describe
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.usage.plans import fill_for_plans, plan_of, plans_of
from tests.harness.described import opened

PAGE = """\
-- name: page :many
SELECT u.id
FROM users AS u
WHERE
    TRUE
    AND u.name = :name -- if :name
ORDER BY u.id;

-- name: by_ids :many
SELECT id FROM users WHERE id IN (:ids);

-- name: add :exec
INSERT INTO posts (user_id, title) VALUES (:user_id, :title);
"""


def plans(text: str) -> dict[str, dict[str, str]]:
    """The plans of each statement of a file, by its name, on the tables of ``opened``."""
    found: dict[str, dict[str, str]] = {}
    with opened() as session:
        fill_for_plans(session)
        for parsed in parse_file(text, "t.sql", "t", None):
            one = describe(session, definition_of({None: parsed}))
            assert isinstance(one, DescribedStatement), one
            found[one.definition.name] = dict(plans_of(session, one))
    return found


def test_each_variant_has_its_plan() -> None:
    """A line that some calls include changes only the plans of these calls."""
    assert plans(PAGE)["t.page"] == {
        "": "`--SCAN u",
        "name": "`--SEARCH u USING COVERING INDEX sqlite_autoindex_users_1 (name=?)",
    }


def test_a_list_is_not_one_value() -> None:
    """``IN (:ids)`` is explained with two values, because with one it would be an equality."""
    assert plans(PAGE)["t.by_ids"] == {"": "`--SEARCH users USING INTEGER PRIMARY KEY (rowid=?)"}


def test_nothing_to_plan() -> None:
    """SQLite prints nothing for an INSERT of values, and the plan says so."""
    assert plans(PAGE)["t.add"] == {"": "(no table is read)"}


def test_one_variant() -> None:
    """The plan of one described variant is the same as among all plans."""
    (parsed, *_) = parse_file(PAGE, "t.sql", "t", None)
    with opened() as session:
        one = describe(session, definition_of({None: parsed}))
        assert isinstance(one, DescribedStatement)
        assert {label: plan_of(session, item) for label, item in one.variants.items()} == plans_of(session, one)
