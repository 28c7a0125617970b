"""Write the grants for a role: a project's statements and a server in; GRANT statements, and a proof if wanted, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import URL

from pydb.database.once import ONCE_INSERT, ONCE_SELECT
from pydb.describe import DescribedStatement, Refusal, Session, describe
from pydb.describe.catalogue import is_own_table
from pydb.engines import registration
from pydb.engines.base import rules_of
from pydb.errors import PydbError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.support.escapes import Lines
from pydb.usage.project import Usage, opened_usage
from pydb.usage.rights import Right, needs_of, resolved, rights_of
from pydb.usage.rights_proof import RightsProof, Text, prove_rights, texts_with_needs

__all__ = ["EngineGrants", "Granted", "Wish", "granted"]


_ONCE = f"-- name: insert :affected\n{ONCE_INSERT.text};\n\n-- name: of_key :maybe\n{ONCE_SELECT.text};\n"


@dataclass(frozen=True, slots=True)
class Wish:
    """The options: a role, whether each statement gets separate grants, and which statements count.

    ``reading`` selects the statements that change nothing; ``once`` adds the statements of ``once=``.
    """

    role: str
    per_statement: bool = False
    reading: bool = False
    once: bool = False
    prove: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """The ``grants`` of one statement, or of all statements if ``name`` is empty; ``proof`` if it was requested."""

    name: str
    place: str
    rights: frozenset[Right]
    grants: tuple[str, ...]
    proof: RightsProof | None


@dataclass(frozen=True, slots=True)
class EngineGrants:
    """The rights of a role on one engine.  ``unknown`` has statements with unknown rights: name, place and reason."""

    engine: str
    title: str
    parts: tuple[Granted, ...]
    unknown: tuple[tuple[str, str, str], ...]


def granted(
    definitions: Sequence[Definition], schemas: Mapping[str, str], engine: str, url: URL | None, wish: Wish
) -> EngineGrants:
    """Find what a role needs on one engine, in a scratch database.  Raises PydbError, also for an invalid name."""
    role = rights_of(engine).role(wish.role)
    with opened_usage(definitions, schemas, url) as (usage, session):
        described = [one for one in usage.described if not wish.reading or not _writes(one, usage)]
        described += _once(session, wish) if wish.once else []
        groups = [[one] for one in described] if wish.per_statement else [described]
        parts = tuple(_part(group, usage, session, role, wish) for group in groups if group)
        count = len(described)
        unknown = [(one.definition.name, _place(one), one.message) for one in usage.refused]
        for one in described:
            why = {reason for text in _texts(one, usage) for reason in text.needs.unknown}
            unknown += [(one.definition.name, _place(one), reason) for reason in sorted(why)]
    kind = "reading statement" if wish.reading else "statement"
    title = f"what {count:,} {kind}{'' if count == 1 else 's'} need{'s' if count == 1 else ''}"
    return EngineGrants(engine, title, parts, tuple(unknown))


def _texts(described: DescribedStatement, usage: Usage) -> tuple[Text, ...]:
    return texts_with_needs(described, lambda one: needs_of(one, usage.schema))


def _part(group: Sequence[DescribedStatement], usage: Usage, session: Session, role: str, wish: Wish) -> Granted:
    texts = [text for one in group for text in _texts(one, usage)]
    rights = resolved([text.needs for text in texts])
    own = group[0] if wish.per_statement else None
    return Granted(
        own.definition.name if own else "",
        _place(own) if own else "",
        rights,
        tuple(rights_of(usage.engine).grants(rights, role)),
        prove_rights(session, texts, rights) if wish.prove else None,
    )


def _writes(described: DescribedStatement, usage: Usage) -> bool:
    """Whether a statement changes rows, directly or by a function that it calls."""
    found = next(one for one in usage.touched if one.definition is described.definition)
    return described.form.changes_rows or any(touch.access == "write" for touch in found.touches)


def _place(found: DescribedStatement | Refusal) -> str:
    return f"{found.form.file}:{found.form.line}"


def _once(session: Session, wish: Wish) -> Iterable[DescribedStatement]:
    """The statements of ``once=``, described like those of a file."""
    if not any(is_own_table(name) for name in session.catalogue.tables):
        product = registration(session.engine).product
        hint = Lines(f"create it in the schema script:\n{rules_of(session.engine).once_table}")
        raise PydbError(f"the schema of {product} has no table pydb_once", hint=hint)
    for parsed in parse_file(_ONCE, "once=", "once", None):
        found = describe(session, definition_of({None: parsed}), keep_analysis=True)
        if isinstance(found, DescribedStatement):
            yield found
