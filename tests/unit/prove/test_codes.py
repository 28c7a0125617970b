"""The codes of prove's findings."""

from pydb.prove.codes import CODES, code_of_broken, code_of_failed


def test_a_broken_promise_has_its_code() -> None:
    """A NULL and a value of another type have different codes, whether they were compared or refused."""
    assert code_of_broken("column a is annotated as int but is None") == "P103"
    assert code_of_broken("column a is annotated as int but is str") == "P102"
    assert code_of_failed("RecordError", "column a is NULL, and str is not") == "P103"
    assert code_of_failed("RecordError", "column a contains a str that is not a date") == "P102"
    assert code_of_failed("ProgrammingError", "no such table") == "P101"
    assert {"P101", "P102", "P103"} <= CODES.keys()
