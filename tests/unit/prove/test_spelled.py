"""A refutation as a message."""

from pydb.prove.answers import Answer, AnswerDifference
from pydb.prove.smallest import Case
from pydb.prove.spelled import message_of
from pydb.prove.trial import Refutation

CASE = Case({"items": [{"id": 1, "name": None}], "labels": []}, ((), {"id": 1}))


def test_a_difference() -> None:
    """The message has each engine's result, the call, the rows, and the likely cause."""
    refutation = Refutation("P201", ("sqlite", "mariadb"), difference=AnswerDifference("count", [], [(1,)]))
    assert message_of(refutation, CASE, "SELECT id FROM items WHERE id = :id") == (
        "sqlite [], mariadb [1]; call (id=1) on items (id=1, name=None); "
        "likely cause: a condition that is true for different rows"
    )


def test_one_engine() -> None:
    """A mistake on one engine has no cause."""
    refutation = Refutation("P103", ("sqlite",), Answer(text="row (1, None)", broken="column b is None"))
    message = message_of(refutation, Case({}, (([{"a": 1}],), {})), "")
    assert message == "sqlite: column b is None: row (1, None); call ([{'a': 1}]) on empty tables"


def test_a_value_in_a_table() -> None:
    """A difference in a table names the table and the column."""
    found = AnswerDifference("value", 3, 4, "amount", "items")
    message = message_of(
        Refutation("P202", ("sqlite", "mariadb"), difference=found), CASE, "UPDATE items SET amount = 1"
    )
    assert message.startswith("items.amount: sqlite 3, mariadb 4; ")
