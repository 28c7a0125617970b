"""Calls of a statement with optional lines on SQLite: their runner, and refused arguments."""

from __future__ import annotations

from typing import Any

import pytest

from pydb import ABSENT
from pydb.errors import ParameterError
from pydb.execution.runner import Runner
from pydb.execution.variant_choice import OptionalCalls
from pydb.sqlfile.variants import variant
from tests.harness.plans import definition_from, rows, statement_from

SQL = """\
-- name: x :many scalar
-- @param mine bool
SELECT id
FROM t
WHERE
    id > :above
    AND name = :name -- if :name
    AND name = :viewer -- if :mine
ORDER BY
    id -- if :order = up
    -- id DESC -- if :order = down
;
"""


def calls() -> OptionalCalls:
    definition = definition_from(SQL)

    def make(engine: str, key: tuple[str, ...]) -> Runner:
        return Runner(variant(definition, engine, key), {}, is_variant=True)

    return OptionalCalls(definition, make, Runner(definition, {}).error)


def test_a_variant_is_made_once() -> None:
    """Equal states, however they are passed, have one runner, which binds the parameters of its lines."""
    made = calls()
    key, runner = made.chosen("sqlite", {"above": 1, "name": "a"}, complete=True)
    assert key == ("given", "", "up")
    assert made.chosen("sqlite", {"name": 2, "order": "up", "mine": None}, complete=True) == (key, runner)
    assert runner.definition.name == "t.x[name]"
    assert runner.definition.parameters == ("above", "name")


def test_a_bounded_number_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one more variant, all others are made again."""
    monkeypatch.setattr("pydb.execution.variant_choice.MAX_VARIANTS", 2)
    made = calls()
    first, second = made.runner("sqlite", ("", "", "up")), made.runner("sqlite", ("given", "", "up"))
    assert made.runner("sqlite", ("", "", "up")) is first
    made.runner("sqlite", ("", "", "down"))
    assert made.runner("sqlite", ("given", "", "up")) is not second


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mine": True}, "viewer is needed with mine"),
        ({"mine": True, "viewer": ABSENT}, "viewer is needed with mine"),
        ({"viewer": 1}, "viewer has no effect without mine"),
        ({"viewer": None}, "viewer has no effect without mine"),
        ({"order": "sideways"}, "order must be up or down"),
        ({"mine": 1}, "mine must be True or False"),
        ({"nome": "a"}, "parameters: missing above; unknown nome"),
        ({"nome": ABSENT, "above": 1}, "parameters: unknown nome"),
    ],
)
def test_what_is_refused(given: dict[str, Any], said: str) -> None:
    """The message says what to pass."""
    with pytest.raises(ParameterError) as raised:
        calls().chosen("sqlite", given, complete=True)
    assert raised.value.message == said
    assert raised.value.statement_name is not None
    assert raised.value.statement_name.startswith("t.x")
    assert raised.value.hint


def test_the_hint_of_a_wrong_name() -> None:
    """The hint shows the required and the optional parameters."""
    with pytest.raises(ParameterError) as raised:
        calls().chosen("sqlite", {"nome": "a"}, complete=True)
    assert raised.value.hint == "t.x(conn, above=…); may be left out: name, viewer, mine, order"


def test_what_the_text_needs() -> None:
    """A text needs no values, but refuses impossible arguments."""
    made = calls()
    assert made.chosen("sqlite", {"mine": True}, complete=False)[0] == ("", "true", "up")
    with pytest.raises(ParameterError, match="viewer has no effect without mine"):
        made.chosen("sqlite", {"viewer": 1}, complete=False)


def test_more_variants_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls work, whatever variants were forgotten."""
    for module in ("dispatcher", "variant_choice"):
        monkeypatch.setattr(f"pydb.execution.{module}.MAX_VARIANTS", 3)
    statement = statement_from(SQL)
    with rows("a", "b", "a") as conn:
        for _ in range(3):
            assert statement(conn, above=0) == [1, 2, 3]
            assert statement(conn, above=0, order="down") == [3, 2, 1]
            assert statement(conn, above=1, name="a") == [3]
            assert statement(conn, above=0, name="a", order="down") == [3, 1]
            assert statement(conn, above=0, mine=True, viewer="b") == [2]
            with pytest.raises(ParameterError, match="parameters: missing above"):
                statement(conn, name="a")
