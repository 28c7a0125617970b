"""Count the queries that an engine expands a statement to: its text and the sizes of the views in, the number out.

An engine replaces the name of a view or of a common table expression by its query, each time the name is used.  If each
of thirty views selects twice from the view before it, the last one expands to a thousand million queries.  An engine
that prepares such a statement does not answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from pydb.engines.script_bounds import opening_line
from pydb.errors import SqlFileError
from pydb.sqlfile.lexer import Unterminated, scan
from pydb.sqlfile.tokens import COMMENT, QUOTED, WORD, Token

__all__ = ["HINT", "MAX_QUERIES", "TooManyQueries", "check_expansion", "view_sizes", "without_expansion"]

MAX_QUERIES = 1_000
"""The maximum number of queries that a statement may expand to, in addition to one for each table name in it."""

HINT = "a query that selects twice from another query doubles the number: select from the tables instead"

_BEFORE_TABLE = frozenset({"FROM", "JOIN", "STRAIGHT_JOIN", "OJ", "USING", "INTO", "UPDATE", "TABLE", "ONLY", "IN"})
_BEFORE_TABLE |= {",", "(", "."}

_VIEW = re.compile(r"\bVIEW\b", re.IGNORECASE)
_BEFORE_NAME = 40
"""The word VIEW of ``CREATE OR REPLACE … VIEW`` is searched in this many words."""

_Uses = defaultdict[str, list[str]]
"""The table names in each query, with repetitions, by the name of the query; the main query has the name ``""``."""


class TooManyQueries(Exception):
    """A statement expands to too many queries."""


def view_sizes(texts: Mapping[str, str], engine: str) -> dict[str, int]:
    """The number of queries that each view expands to, by its name in lower case; ``texts`` are the views' queries.

    Raises SqlFileError for a view that expands to too many.
    """
    inside: dict[str, _Uses] = {}
    for name, text in texts.items():
        # Views whose names differ only in case count as one view that uses the tables of all of them.
        own = inside.setdefault(name.lower(), defaultdict(list))
        for query, used in _uses(text, engine).items():
            own[query] += used
    uses = {name: [used for names in own.values() for used in names] for name, own in inside.items()}
    sizes: dict[str, int] = {}
    for name in _used_first(uses):
        if name in inside:
            try:
                sizes[name] = _size(inside[name], sizes)
            except TooManyQueries as error:
                raise SqlFileError(f"the view {name} {error}", hint=HINT) from None
    return sizes


def without_expansion(statements: Iterable[tuple[int, str]], engine: str, file: str) -> Iterator[tuple[int, str]]:
    """Yield the statements of a script, with their lines, until a view expands to too many queries.

    Raises SqlFileError instead of yielding that CREATE VIEW: MariaDB expands a view already when it creates it.
    """
    sizes: dict[str, int] = {}
    for line, statement in statements:
        if _VIEW.search(statement, 0, 1_000):
            uses, name = _uses(statement, engine), _created_view(_code(statement, engine))
            try:
                sizes[name] = max(_size(uses, sizes), sizes.get(name, 0))
            except TooManyQueries as error:
                message, source = f"the view {name} {error}", opening_line(statement)
                raise SqlFileError(message, file=file, line=line, hint=HINT, source=source) from None
        yield line, statement


def check_expansion(sql: str, engine: str, views: Mapping[str, int]) -> None:
    """Raise TooManyQueries if a statement expands to too many queries; ``views`` has the sizes of existing views."""
    if not views and "with" not in sql.lower():
        return  # without a view and a common table expression, there is nothing to expand
    _size(_uses(sql, engine), views)


def _size(uses: _Uses, views: Mapping[str, int]) -> int:
    """The number of queries that a statement expands to, including itself."""
    sizes: dict[str, int] = {}
    most = MAX_QUERIES + sum(map(len, uses.values()))
    for name in _used_first(uses):
        if name in uses:
            # A query that uses its own name means a view of that name, or is recursive; recursion adds no query.
            inner = (0 if used == name else sizes.get(used, 0) for used in uses[name])
            sizes[name] = 1 + sum(size or views.get(used, 0) for size, used in zip(inner, uses[name], strict=True))
            if sizes[name] > most:
                raise TooManyQueries(f"expands to more than {MAX_QUERIES:,} queries")
    return sizes[""]


def _used_first(uses: Mapping[str, list[str]]) -> Iterator[str]:
    """The names, each after the names that it uses.

    In a circle of names, any of them comes first; the engine refuses to read a circle.
    """
    met: set[str] = set()
    done: set[str] = set()
    for start in uses:
        left = [start]
        while left:
            name = left[-1]
            if name not in met:
                met.add(name)
                left += [used for used in uses.get(name, ()) if used not in met]
                continue
            left.pop()
            if name not in done:
                done.add(name)
                yield name


def _uses(sql: str, engine: str) -> _Uses:
    tokens = _code(sql, engine)
    bodies = _bodies(tokens)
    defined = {place for place, _, _ in bodies.values()}
    uses: _Uses = defaultdict(list, {"": []})
    names, ends = [""], [len(tokens)]
    for place, token in enumerate(tokens):
        while place > ends[-1]:
            names.pop()
            ends.pop()
        if place in bodies:
            _, name, end = bodies[place]
            uses[name] += []
            names.append(name)
            ends.append(end)
        elif place not in defined and _is_table(tokens, place):
            uses[names[-1]].append(_folded(token))
    return uses


def _bodies(tokens: list[Token]) -> dict[int, tuple[int, str, int]]:
    """The common table expressions, by the position of the opening bracket: position of the name, the name, the end."""
    opened: list[int] = []
    pairs: dict[int, int] = {}
    for place, token in enumerate(tokens):
        if token.text == "(":
            opened.append(place)
        elif token.text == ")" and opened:
            pairs[opened.pop()] = place
    opens = {close: place for place, close in pairs.items()}
    found = {}
    for place, close in pairs.items():
        before = place - 1
        while before > 0 and tokens[before].text.upper() in ("MATERIALIZED", "NOT"):
            before -= 1
        if before < 1 or tokens[before].text.upper() != "AS":
            continue
        # In ``name (a, b) AS (`` a list of columns comes between the name and AS.
        name = opens.get(before - 1, before) - 1
        if name > 0 and tokens[name - 1].text.upper() in ("WITH", "RECURSIVE", ","):
            found[place] = (name, _folded(tokens[name]), close)
    return found


def _created_view(tokens: list[Token]) -> str:
    """The name of the view that a statement creates; an empty string if it creates none."""
    words = [token.text.upper() for token in tokens[:_BEFORE_NAME]]
    place = words.index("VIEW") + 1 if "VIEW" in words else len(tokens)
    while place < len(tokens) and tokens[place].text.upper() in ("IF", "NOT", "EXISTS"):
        place += 1
    while place + 2 < len(tokens) and tokens[place + 1].text == ".":
        place += 2
    return _folded(tokens[place]) if place < len(tokens) else ""


def _is_table(tokens: list[Token], place: int) -> bool:
    """Whether the token may be the name of a table; a name before a point is a schema or the qualifier of a column."""
    if tokens[place].kind not in (WORD, QUOTED) or place == 0:
        return False
    before = tokens[place - 1].text.upper()
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    return after != "." and (before in _BEFORE_TABLE or before.startswith("/*"))


def _folded(token: Token) -> str:
    return token.text.strip('"`[]').lower()


def _code(sql: str, engine: str) -> list[Token]:
    tokens: list[Token] = []
    with suppress(Unterminated):
        tokens.extend(token for token in scan(sql, engine) if token.kind != COMMENT)
    return tokens
