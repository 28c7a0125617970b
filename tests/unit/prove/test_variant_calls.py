"""Calls of the variants of a statement with optional lines."""

from __future__ import annotations

from pydb.prove.variant_calls import variant_calls, variant_of
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.sqlfile.variants import chosen, label

TEXT = """-- name: search :many
-- @param all_of bool
SELECT id FROM users
WHERE TRUE
    AND name = :name -- if :name
    AND age > 3 -- if not :all_of
ORDER BY
    id -- if :order = newest
    -- name, id -- if :order = by_name
;
"""


def definition(text: str = TEXT) -> Definition:
    (parsed,) = parse_file(text, "t.sql", "t", None)
    return definition_of({None: parsed})


def test_every_variant_is_called() -> None:
    """Each chosen variant is called by one of the calls."""
    search = definition()
    calls = [((), {"name": f"n{number}", "all_of": True, "order": "by_name"}) for number in range(12)]
    made = {variant_of(search, named) for _, named in variant_calls(search, calls)}
    assert made == {label(search, key) for key in chosen(search)}
    assert len(made) == 8


def test_a_plain_statement() -> None:
    """A statement without optional lines has the same calls as before."""
    plain = definition("-- name: a :many\nSELECT 1;\n")
    assert list(variant_calls(plain, [((), {})])) == [((), {})]
    assert variant_of(plain, {}) == ""


def test_a_none_that_counts() -> None:
    """None is passed if the signature allows it, and otherwise a value."""
    text = (
        "-- name: x :affected\nUPDATE t\nSET\n    a = :a, -- if :a given\n    b = :b -- if :b given\nWHERE id = :id;\n"
    )
    calls = [((), {"id": 1}), *[((), {"id": 1, "a": 1, "b": 2})] * 12]
    passed = [named for _, named in variant_calls(definition(text), calls, {"b"})]
    assert {named.get("a") for named in passed if "a" in named} == {1}
