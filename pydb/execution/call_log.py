"""Log each call at level DEBUG to the logger ``pydb``: a call in, its result out, with a log record when it ends.

``observe`` reports which statements are called.

A record contains the statement's name, the number of rows and the milliseconds, and never a parameter's value.  They
are also the attributes ``pydb_statement``, ``pydb_rows`` (None for ``:exec`` and failures) and ``pydb_milliseconds``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection

from pydb.errors import ParameterError
from pydb.execution.plan import Plan
from pydb.execution.row_words import Run
from pydb.support.escapes import escaped

__all__ = ["called", "logged", "observe", "observed", "wanted"]

_log = logging.getLogger("pydb")
_observers: list[Callable[[Plan], None]] = []


def observe(observer: Callable[[Plan], None]) -> Callable[[], None]:
    """Call ``observer`` with the plan of each statement, or variant, that is sent; the returned function removes it.

    A statement that was called before ``observe`` may keep a generated function, which does not call observers.
    """
    _observers.append(observer)
    return lambda: _observers.remove(observer)


def observed() -> bool:
    """Whether there is an observer, which must see every call."""
    return bool(_observers)


def wanted() -> bool:
    """Whether the logger writes DEBUG records."""
    return _log.isEnabledFor(logging.DEBUG)


def called(plan: Plan, run: Run, conn: Connection, sets: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
    """Prepare the connection, run the call, and report it to the log and to the observers."""
    plan.rules.prepare_connection(conn)
    work = logged if wanted() else _unlogged
    if not _observers:
        return work(plan, run, conn, sets, parameters)
    was_sent = True
    try:
        return work(plan, run, conn, sets, parameters)
    except ParameterError:
        was_sent = False
        raise
    finally:
        for observer in _observers if was_sent else ():
            observer(plan)


def _unlogged(plan: Plan, run: Run, conn: Connection, sets: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
    return run(conn, sets, parameters)


def logged(plan: Plan, run: Run, conn: Connection, sets: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
    """Run the call and report it to the log."""
    started = time.perf_counter()
    try:
        result = run(conn, sets, parameters)
    except Exception as error:
        _report(plan, started, None, f"failed with {type(error).__name__}")
        raise
    if plan.definition.row_word.streams:
        return _stream(plan, started, result)
    rows = _count(plan.definition.row_word, result)
    _report(plan, started, rows, "done" if rows is None else f"{rows} rows")
    return result


def _stream(plan: Plan, started: float, rows: Iterator[Any]) -> Iterator[Any]:
    """The same rows; the record is written after the last row, or when the reader stops."""
    count = 0
    try:
        for row in rows:
            count += 1
            yield row
    finally:
        _report(plan, started, count, f"{count} rows")


def _count(word: str, result: Any) -> int | None:
    match word, result:
        case ("one", _):
            return 1
        case ("maybe", _):
            return int(result is not None)
        case (_, list()):
            return len(result)
        case (_, int()):
            return result
    return None


def _report(plan: Plan, started: float, rows: int | None, outcome: str) -> None:
    name, milliseconds = plan.definition.name, (time.perf_counter() - started) * 1000
    extra = {"pydb_statement": name, "pydb_rows": rows, "pydb_milliseconds": milliseconds}
    _log.debug("%s: %s in %.3f ms", escaped(name), escaped(outcome), milliseconds, extra=extra)
