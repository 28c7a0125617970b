"""Write SQL as HTML: a text in; the same text in ``span`` elements, with links on the names of tables, out.

Pygments classifies the words; pydb's own lexer finds the parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from markupsafe import Markup
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Token

from pydb.site.engine_site import site_of
from pydb.sqlfile.lexer import Unterminated, tokenize
from pydb.sqlfile.tokens import PARAMETER
from pydb.support.escapes import escaped

__all__ = ["highlighted"]

TableLink = Callable[[str], str | None]
"""The address of a table's page, by its name as written in SQL; None for other names."""

_NAMES = (Token.Name, Token.Literal.String.Name, Token.Literal.String.Symbol, Token.Keyword)
"""The tokens that may be the name of a table: a name, a quoted name, or a name that Pygments reads as a keyword."""

_PLAIN = frozenset({"", "w", "p", "n"})
"""The classes of Pygments that have the normal colour of text: spaces, punctuation, names."""


def _no_link(name: str) -> str | None:
    return None


def highlighted(sql: str, engine: str, link: TableLink = _no_link) -> Markup:
    """The SQL of one engine as HTML; if a reader copies the text of the page, it is the same SQL."""
    parameters = _parameters(sql, engine)
    lexer = get_lexer_by_name(site_of(engine).lexer, ensurenl=False, stripnl=False)
    parts: list[Markup] = []
    for start, kind, text in lexer.get_tokens_unprocessed(sql):
        for first, end, is_parameter in _cut(start, start + len(text), parameters):
            shown = escaped(sql[first:end], "\n\t")
            # A qualifier repeats a table that is linked in FROM.
            to = link if sql[end : end + 1] != "." else _no_link
            parts.append(_span("parameter", shown) if is_parameter else _word(kind, shown, to))
    return Markup("").join(parts)


def _parameters(sql: str, engine: str) -> dict[int, int]:
    """The end of each parameter, by its start."""
    try:
        tokens = tokenize(sql, engine)
    except Unterminated:
        return {}
    return {token.start: token.start + len(token.text) for token in tokens if token.kind == PARAMETER}


def _cut(start: int, end: int, parameters: dict[int, int]) -> Iterator[tuple[int, int, bool]]:
    """Split a token of Pygments into the parts that belong to parameters and those that do not."""
    at = start
    while at < end:
        around = [stop for first, stop in parameters.items() if first <= at < stop]
        following = min([first for first in parameters if at < first < end], default=end)
        stop = min(around[0], end) if around else following
        yield at, stop, bool(around)
        at = stop


def _word(kind: Any, shown: str, link: TableLink) -> Markup:
    if any(kind in names for names in _NAMES):
        address = link(shown.strip('"`[]'))
        if address is not None:
            return Markup('<a href="{}">{}</a>').format(address, shown)
    name = STANDARD_TYPES.get(kind, "")
    return Markup.escape(shown) if name in _PLAIN else _span(name, shown)


def _span(name: str, shown: str) -> Markup:
    return Markup('<span class="{}">{}</span>').format(name, shown)
