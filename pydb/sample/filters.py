"""The statements of sql/filters.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal

from sqlalchemy import Connection

from pydb.sample.records import User, queries
from pydb.sample.types import Role

_equal: Callable[..., list[User]] = queries["filters.equal"]
_not_equal: Callable[..., list[User]] = queries["filters.not_equal"]
_greater: Callable[..., list[User]] = queries["filters.greater"]
_greater_or_equal: Callable[..., list[User]] = queries["filters.greater_or_equal"]
_less: Callable[..., list[User]] = queries["filters.less"]
_less_or_equal: Callable[..., list[User]] = queries["filters.less_or_equal"]
_like_pattern: Callable[..., list[User]] = queries["filters.like_pattern"]
_like_ignoring_case: Callable[..., list[User]] = queries["filters.like_ignoring_case"]
_in_list: Callable[..., list[User]] = queries["filters.in_list"]
_not_in_list: Callable[..., list[User]] = queries["filters.not_in_list"]
_is_null: Callable[..., list[User]] = queries["filters.is_null"]
_is_not_null: Callable[..., list[User]] = queries["filters.is_not_null"]
_all_of: Callable[..., list[User]] = queries["filters.all_of"]
_any_of: Callable[..., list[User]] = queries["filters.any_of"]
_none_of: Callable[..., list[User]] = queries["filters.none_of"]
_between: Callable[..., list[User]] = queries["filters.between"]
_starts_with: Callable[..., list[User]] = queries["filters.starts_with"]
_ends_with: Callable[..., list[User]] = queries["filters.ends_with"]
_contains_ignoring_case: Callable[..., list[User]] = queries["filters.contains_ignoring_case"]
_expression: Callable[..., list[User]] = queries["filters.expression"]
_several: Callable[..., list[User]] = queries["filters.several"]
_nested: Callable[..., list[User]] = queries["filters.nested"]


def equal(conn: Connection, /, *, age: int) -> list[User]:
    """Users of this age."""
    return _equal(conn, age=age)


def not_equal(conn: Connection, /, *, age: int) -> list[User]:
    """Users of another age."""
    return _not_equal(conn, age=age)


def greater(conn: Connection, /, *, age: int) -> list[User]:
    """Users older than this."""
    return _greater(conn, age=age)


def greater_or_equal(conn: Connection, /, *, age: int) -> list[User]:
    """Users of this age or older."""
    return _greater_or_equal(conn, age=age)


def less(conn: Connection, /, *, age: int) -> list[User]:
    """Users younger than this."""
    return _less(conn, age=age)


def less_or_equal(conn: Connection, /, *, age: int) -> list[User]:
    """Users of this age or younger."""
    return _less_or_equal(conn, age=age)


def like_pattern(conn: Connection, /, *, pattern: str) -> list[User]:
    """Users whose name fits a pattern: % stands for any text, _ for one letter."""
    return _like_pattern(conn, pattern=pattern)


def like_ignoring_case(conn: Connection, /, *, pattern: str) -> list[User]:
    """Users whose email fits a pattern, without regard to case."""
    return _like_ignoring_case(conn, pattern=pattern)


def in_list(conn: Connection, /, *, usernames: Collection[str]) -> list[User]:
    """Users with one of these names."""
    return _in_list(conn, usernames=usernames)


def not_in_list(conn: Connection, /, *, usernames: Collection[str]) -> list[User]:
    """Users with none of these names."""
    return _not_in_list(conn, usernames=usernames)


def is_null(conn: Connection, /) -> list[User]:
    """Users whose age is not known."""
    return _is_null(conn)


def is_not_null(conn: Connection, /) -> list[User]:
    """Users whose age is known."""
    return _is_not_null(conn)


def all_of(conn: Connection, /, *, role: Role) -> list[User]:
    """Users of a role who may sign in as well."""
    return _all_of(conn, role=role)


def any_of(conn: Connection, /, *, role: Role, other_role: Role) -> list[User]:
    """Users of either role."""
    return _any_of(conn, role=role, other_role=other_role)


def none_of(conn: Connection, /, *, role: Role) -> list[User]:
    """Users of any role but this."""
    return _none_of(conn, role=role)


def between(conn: Connection, /, *, youngest: int, oldest: int) -> list[User]:
    """Users between two ages, both included."""
    return _between(conn, youngest=youngest, oldest=oldest)


def starts_with(conn: Connection, /, *, prefix: str) -> list[User]:
    """Users whose name starts with this text."""
    return _starts_with(conn, prefix=prefix)


def ends_with(conn: Connection, /, *, suffix: str) -> list[User]:
    """Users whose name ends with this text."""
    return _ends_with(conn, suffix=suffix)


def contains_ignoring_case(conn: Connection, /, *, part: str) -> list[User]:
    """Users whose email contains this text, without regard to case."""
    return _contains_ignoring_case(conn, part=part)


def expression(conn: Connection, /, *, limit: int) -> list[User]:
    """Users who will be older than this on their next birthday."""
    return _expression(conn, limit=limit)


def several(conn: Connection, /, *, role: Role, age: int, balance: Decimal) -> list[User]:
    """Users of a role, of at least this age and balance, who may sign in."""
    return _several(conn, role=role, age=age, balance=balance)


def nested(conn: Connection, /, *, role: Role, age: int) -> list[User]:
    """Users who may sign in, and are of a role or of at least this age."""
    return _nested(conn, role=role, age=age)
