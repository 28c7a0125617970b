"""Find effects that a transaction does not undo: the tokens of one statement in, a description or SqlFileError out.

The description says what the statement writes outside the database: a read-only transaction does not refuse that.
SqlFileError is raised for an effect on the session: the next user of the pooled connection would find it.  Each
engine's Syntax lists such statements and functions.
"""

from __future__ import annotations

from pydb.sqlfile.syntax import Syntax, combined
from pydb.sqlfile.tokens import WORD, TokenList

__all__ = ["side_effect"]

_DEFINED = {"FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "VIEW", "RULE", "PACKAGE"}
_RUN_AT_ONCE = {"TABLE", "MATERIALIZED"}


def side_effect(code: TokenList, verb: str, syntaxes: tuple[Syntax, ...]) -> str:
    """What the statement writes outside the database; an empty text if nothing is known.

    Raises SqlFileError for an effect on the session that lasts beyond the transaction.
    """
    # One test is enough for most statements.
    together = combined(syntaxes)
    if verb not in together.watched_verbs and together.watched_words.isdisjoint(code.at):
        for mark in together.variable_marks:
            if mark in code.site.text:
                break
        else:
            return ""
    if verb == "CREATE" and _is_definition(code):
        return ""
    for syntax in syntaxes:
        _refuse_verb(code, verb, syntax)
    for syntax in syntaxes:
        if refusal := syntax.not_for_driver(code, verb):
            raise code.error(0, *refusal)
    for syntax in syntaxes:
        _refuse_calls(code, syntax)
    for syntax in syntaxes:
        for i in syntax.variables_set(code, verb):
            raise _error(code, i, code.tokens[i].text, "select the value as a column, or pass it as a parameter")
    return next(filter(None, (syntax.writes_outside(code, verb) for syntax in syntaxes)), "")


def _is_definition(code: TokenList) -> bool:
    """Whether a CREATE has a body or a query that does not run yet."""
    kind = next((word for word in code.words[1:9] if word in _DEFINED or word in _RUN_AT_ONCE), None)
    return kind in _DEFINED


def _refuse_verb(code: TokenList, verb: str, syntax: Syntax) -> None:
    if verb in syntax.lasting_verbs:
        start = next(i for i in code.at[verb] if code.kind(i) == WORD)
        if what := syntax.lasting(code, start, verb):
            raise _error(code, start, what, syntax.hint(verb, code.word(start + 1)))


def _refuse_calls(code: TokenList, syntax: Syntax) -> None:
    for name, i in syntax.calls(code):
        hint = syntax.lasting_functions.get(name)
        if hint and not syntax.ends_with_transaction(code, name, i):
            raise _error(code, i, f"{name.lower()}()", hint)


def _error(code: TokenList, i: int, what: str, hint: str) -> Exception:
    return code.error(i, f"the effect of {what} lasts beyond the transaction", hint)
