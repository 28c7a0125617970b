"""The codes of the findings of ``pydb prove``, with a sentence for each; docs/prove.md has an example of each."""

from __future__ import annotations

from collections.abc import Mapping

from pydb.errors import RecordError

__all__ = ["CODES", "code_of_broken", "code_of_failed"]

CODES: Mapping[str, str] = {
    "P101": "a call fails",
    "P102": "a value is not of the type that was promised",
    "P103": "a value is NULL where none was promised",
    "P201": "two engines answer one call differently",
    "P202": "two engines leave different rows in a table",
    "P203": "one engine refuses a call that another answers",
    "P204": "the engines refuse a call, each for another reason",
    "P301": "a LIMIT chooses among rows whose order is not total",
    "P401": "a table could not be filled",
    "P402": "no call of a statement has worked",
}


def code_of_broken(promise: str) -> str:
    """The code for the message of a broken promise, as ``broken_promise`` returns it."""
    return "P103" if promise.endswith("but is None") else "P102"


def code_of_failed(error: str, text: str) -> str:
    """The code of a call that ends in an error; a RecordError is about a value that is not as promised."""
    if error != RecordError.__name__:
        return "P101"
    return "P103" if " is NULL" in text else "P102"
