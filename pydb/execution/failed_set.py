"""Find the set of a batch that violates a constraint: sets that are sent together in, the error of one set out.

The error of the whole batch does not say which set failed.  So pydb rolls back to a savepoint and sends half of the
sets again, until one set is left.  At the end it sends all sets once more: the transaction is then in the same state
as after the failure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from pydb.engines.base import Rules
from pydb.errors import ConstraintViolation

__all__ = ["send_together", "where"]

Send = Callable[[int, int, str], Any]
"""A function that sends the sets from a start up to, not including, a stop; its third argument is an error's prefix."""

Run = Callable[[str], object]
"""A function that runs a savepoint statement."""

_ALL, _HALF = "pydb_batch", "pydb_half"


def where(first: int, count: int) -> str:
    """The prefix of a database error that names the sets being sent."""
    return f"set {first}: " if count == 1 else f"sets {first} to {first + count - 1}: "


def send_together(
    conn: Connection, rules: Rules, send: Send, run: Run, first: int, count: int, *, is_one_statement: bool
) -> Any:
    """Send all sets, and return the result of ``send``; ``first`` is the number of the first set in the batch.

    Raises ConstraintViolation; it names the set that failed, if a savepoint can be set.
    """
    if count == 1:
        return send(0, 1, where(first, 1))
    wanted = conn.in_transaction() and (rules.savepoint_first or not is_one_statement)
    before = wanted and rules.can_set_savepoint(conn)
    if before:
        run(f"SAVEPOINT {_ALL}")
    try:
        sent = send(0, count, where(first, count))
    except ConstraintViolation as error:
        failure = error
    else:
        if before:
            run(f"RELEASE SAVEPOINT {_ALL}")
        return sent
    after = is_one_statement and not rules.savepoint_first
    if (before or after) and rules.can_set_savepoint(conn) and rules.undoes_all(conn):
        run(f"ROLLBACK TO SAVEPOINT {_ALL}" if before else f"SAVEPOINT {_ALL}")
        found = _error_of_one(send, run, first, count)
        run(f"ROLLBACK TO SAVEPOINT {_ALL}")
        if _error(send, 0, count, "") is not None and found is not None:
            failure = found
        if not rules.transaction_failed(conn):
            run(f"RELEASE SAVEPOINT {_ALL}")
    raise failure


def _error_of_one(send: Send, run: Run, first: int, count: int) -> ConstraintViolation | None:
    """The error of the first set that fails; None if no set fails alone."""
    low, high = 0, count
    while high - low > 1:
        middle = (low + high) // 2
        run(f"SAVEPOINT {_HALF}")
        if _error(send, low, middle, "") is None:
            low = middle
        else:
            run(f"ROLLBACK TO SAVEPOINT {_HALF}")
            high = middle
        run(f"RELEASE SAVEPOINT {_HALF}")
    return _error(send, low, low + 1, where(first + low, 1))


def _error(send: Send, start: int, stop: int, prefix: str) -> ConstraintViolation | None:
    try:
        send(start, stop, prefix)
    except ConstraintViolation as error:
        return error
    return None
