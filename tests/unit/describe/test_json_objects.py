"""The keys of the objects in a json level, as the SQL shows them."""

from __future__ import annotations

import pytest

from tests.harness.described import statement


@pytest.mark.parametrize(
    ("array", "keys"),
    [
        ("json_group_array(json_object('id', p.id, 'title', p.title))", {"id": False, "title": True}),
        ("coalesce(json_group_array(json_object('id', p.id)), '[]')", {"id": False}),
        ("json_group_array(json_object('id', p.id, 'tags', json_object('x', 1)))", {"id": False, "tags": True}),
        ("json_group_array(p.title)", None),
        ("json_group_array(json_object(p.title, 1))", None),
    ],
)
def test_keys_of_the_outermost_object(array: str, keys: dict[str, bool] | None) -> None:
    """Each key has a flag that says whether its value may be NULL if the row exists."""
    sql = f"-- @group posts Post json\nSELECT u.id, (SELECT {array} FROM posts AS p) AS posts FROM users AS u;"
    described = statement(sql, "x :many User")
    assert described.form.nesting is not None
    found = described.traits.objects["posts"]
    if keys is None:
        assert found is None
    else:
        assert found is not None
        assert found.keys() == keys.keys()
        assert found["id"].nullable is keys["id"]


def test_an_outer_join_makes_no_key_nullable() -> None:
    """An object of only NULLs is absent, so its columns are as in their table."""
    sql = (
        "-- @group posts Post json\nSELECT u.id, json_group_array(json_object('id', p.id, 'title', p.title)) AS posts "
        "FROM users AS u LEFT OUTER JOIN posts AS p ON p.user_id = u.id GROUP BY u.id;"
    )
    described = statement(sql, "x :many User")
    assert described.form.nesting is not None
    found = described.traits.objects["posts"]
    assert found is not None
    assert {key: value.nullable for key, value in found.items()} == {"id": False, "title": True}
