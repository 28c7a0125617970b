"""Turn a form into Core's ``text()``: its parts in, a TextClause that binds exactly the form's parameters out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import TextClause, bindparam, text

from pydb.errors import SqlFileError
from pydb.sqlfile.definition import Form, Placeholder
from pydb.sqlfile.rendering import name_comment, render


def clause(name: str, form: Form) -> TextClause:
    """Core's ``text()`` of one form of the statement ``name``, after a comment with the name.

    Raises SqlFileError if Core finds other parameters in the text than pydb's lexer.
    """
    made = text(name_comment(name) + render(form.parts, _bind, _without_colons))
    parameters = {part.name: part.sequence for part in form.parts if isinstance(part, Placeholder)}
    bound = set(made.compile().params)
    if bound != parameters.keys():
        raise SqlFileError(
            f"SQLAlchemy binds {_names(bound)} where the SQL has {_names(parameters)}",
            statement_name=name,
            file=form.file,
            line=form.line,
            hint="simplify the text around the parameters",
        )
    return made.bindparams(*(bindparam(key, expanding=True) for key, sequence in parameters.items() if sequence))


_IN = re.compile(r"\b(?P<negated>NOT\s+)?IN\s*\Z", re.IGNORECASE)


def with_empty(form: Form, names: Collection[str], found: str, absent: str) -> Form:
    """The form with ``IN (:name)`` replaced by ``found``, and ``NOT IN (:name)`` by ``absent``, for these names."""
    parts: list[str | Placeholder] = []
    for part in form.parts:
        before = parts[-1] if parts else None
        is_empty = isinstance(part, Placeholder) and part.name in names
        if is_empty and isinstance(before, str) and (match := _IN.search(before)):
            parts[-1] = before[: match.start()] + (absent if match["negated"] else found)
        else:
            parts.append(part)
    return replace(form, parts=tuple(parts))


def _without_colons(sql: str) -> str:
    # text() reads any colon before a word as a parameter; an escaped colon stays a colon.
    return sql.replace(":", "\\:")


def _bind(placeholder: Placeholder) -> str:
    # text() would not find the parameter in IN(:ids) without a space after IN.
    return f" :{placeholder.name}" if placeholder.sequence else f":{placeholder.name}"


def _names(names: object) -> str:
    return ", ".join(f":{name}" for name in sorted(names)) or "nothing"  # type: ignore[call-overload]
