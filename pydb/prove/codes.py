"""The codes of the findings of ``pydb prove``, with a sentence for each; docs/prove.md has an example of each."""

from __future__ import annotations

from collections.abc import Mapping

from pydb.errors import RecordError

__all__ = ["CODES", "code_of_broken", "code_of_failed"]

CODES: Mapping[str, str] = {
    "P101": "a call fails",
    "P102": "a value is not of the declared type",
    "P103": "a value is NULL, but its type does not allow None",
    "P201": "two engines answer one call differently",
    "P202": "after a call, a table has different rows on two engines",
    "P203": "one engine refuses a call that another accepts",
    "P204": "two engines refuse a call for different reasons",
    "P301": "a LIMIT chooses among rows whose order is not total",
    "P401": "a table could not be filled",
    "P402": "no call of a statement succeeded",
}


def code_of_broken(promise: str) -> str:
    """The code for a message that ``broken_promise`` returns."""
    return "P103" if promise.endswith("but is None") else "P102"


def code_of_failed(error: str, text: str) -> str:
    """The code for a call that ends in an error; a RecordError means that a value is not of the declared type."""
    if error != RecordError.__name__:
        return "P101"
    return "P103" if " is NULL" in text else "P102"
