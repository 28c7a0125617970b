"""Find what a project's statements use: its files and databases in; a Usage for each engine out.  Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from sqlalchemy.engine import URL

from pydb.describe import DescribedStatement, Refusal, Session, describe, scratch
from pydb.describe.catalogue import Catalogue, TableFacts, is_own_table
from pydb.engines import default_engine, engine_of_dialect, registration
from pydb.errors import PydbError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.verbs import MAIN_VERBS
from pydb.support.suggestions import nearest
from pydb.usage.schema_actions import ActingSchema
from pydb.usage.touch import Touch, Touched
from pydb.usage.touched import touched_by

__all__ = ["Usage", "named_place", "opened_usage", "usage_in", "usages"]


_PART = re.compile(r""""[^"]+"|`[^`]+`|[^.]+""")
"""A part of ``schema.table.column``."""

_SHOWN_TABLES = 30


@dataclass(frozen=True, slots=True)
class Usage:
    """What the statements touch on one engine; ``product`` is its name with its version.

    ``described`` are the statements that the engine accepts, with their variants, and ``touched`` what each of them
    touches, in the same order; ``refused`` are the others.  ``schema`` is the catalogue with its triggers and keys.
    """

    engine: str
    product: str
    schema: ActingSchema
    described: tuple[DescribedStatement, ...]
    touched: tuple[Touched, ...]
    refused: tuple[Refusal, ...] = ()

    @property
    def catalogue(self) -> Catalogue:
        """The tables."""
        return self.schema.catalogue

    def users(self, table: str, column: str | None = None) -> tuple[tuple[Touched, tuple[Touch, ...]], ...]:
        """The statements that touch a table, or a column of it, each with these touches.

        What touches a table touches its partitions, and the tables that inherit from it.
        """
        ancestors = self.schema.ancestors(table)
        found = (
            (one, tuple(t for t in one.touches if t.table == table and column in (None, t.column)))
            for one in (_with_partition(table, ancestors, one) if ancestors else one for one in self.touched)
        )
        return tuple((one, touches) for one, touches in found if touches)


def usages(
    definitions: Sequence[Definition], schemas: Mapping[str, str], servers: Mapping[str, URL | None], about: str
) -> tuple[Usage, ...]:
    """What statements touch on each engine of ``servers``, in scratch databases with the schema script of the engine.

    ``about`` is ``TABLE`` or ``TABLE.COLUMN``: statements that cannot touch that table are left out.  A server's URL is
    None for the default engine, in memory.  Raises PydbError if no database can be created, and SqlFileError if an
    engine refuses its schema.
    """
    found = []
    for url in servers.values():
        with _scratch(schemas, url) as session:
            acting = ActingSchema.of(session)
            found.append(_usage(session, acting, _concerned(definitions, acting, about)))
    return tuple(found)


@contextmanager
def opened_usage(
    definitions: Sequence[Definition], schemas: Mapping[str, str], url: URL | None
) -> Iterator[tuple[Usage, Session]]:
    """What statements touch on one engine, and the open session of the scratch database."""
    with _scratch(schemas, url) as session:
        yield usage_in(session, definitions), session


def _scratch(schemas: Mapping[str, str], url: URL | None) -> AbstractContextManager[Session]:
    engine = default_engine() if url is None else engine_of_dialect(url.get_backend_name())
    if engine not in schemas:
        where = (
            "--schema FILE, or schema in [tool.pydb]" if url is None else f"write {engine}/schema.sql beside the SQL"
        )
        raise PydbError(f"{registration(engine).product} has no schema script", hint=where)
    return scratch(url, schemas[engine])


def usage_in(session: Session, definitions: Iterable[Definition]) -> Usage:
    """What statements touch in the database of an open session."""
    return _usage(session, ActingSchema.of(session), definitions)


def _concerned(definitions: Sequence[Definition], schema: ActingSchema, about: str) -> Iterator[Definition]:
    """The statements whose text contains a name that may lead to the table, and those whose effect is not known."""
    engine = schema.catalogue.engine
    try:
        table, _ = named_place(about, [schema.catalogue])
    except PydbError:
        return
    names = schema.names_leading_to(table)
    for definition in definitions:
        form = definition.forms.get(engine)
        if form is not None and (form.verb not in MAIN_VERBS or any(name in form.sql.lower() for name in names)):
            yield definition


def _usage(session: Session, schema: ActingSchema, definitions: Iterable[Definition]) -> Usage:
    described: list[DescribedStatement] = []
    refused: list[Refusal] = []
    for definition in definitions:
        found = describe(session, definition, keep_analysis=True)
        if isinstance(found, Refusal):
            refused.append(found)
        elif found is not None:
            described.append(found)
    every = tuple(touched_by(one, schema) for one in described)
    return Usage(session.engine, session.product, schema, tuple(described), every, tuple(refused))


def named_place(name: str, catalogues: Iterable[Catalogue]) -> tuple[str, str | None]:
    """The table and column that ``TABLE`` or ``TABLE.COLUMN`` names, as a catalogue spells them, in any case.

    A table may have the name of its schema before its own, and each name may be in quotes.  Raises
    PydbError, with the nearest name, if no catalogue has it.
    """
    tables = {key: facts for catalogue in catalogues for key, facts in _own(catalogue).items()}
    name = ".".join(re.sub(r"""^(["`])(.*)\1$""", r"\2", part) for part in _PART.findall(name))
    spelled = {key.lower(): key for key in tables} | {key: key for key in tables}
    if (key := _found(name, spelled)) is not None:
        return tables[key].name, None
    table, _, column = name.rpartition(".")
    if (key := _found(table, spelled)) is None:
        schemas = {facts.schema for facts in tables.values()}
        asked = table if table and "." not in table and table not in schemas else name
        hint = nearest(asked, tables, any_case=True) or _tables_are({facts.name for facts in tables.values()})
        raise PydbError(f'there is no table "{asked}"', hint=hint)
    facts = tables[key]
    columns = {key.lower(): key for key in facts.columns} | {key: key for key in facts.columns}
    if (found := _found(column, columns)) is None:
        hint = nearest(column, facts.columns, any_case=True) or f"its columns are {', '.join(facts.columns)}"
        raise PydbError(f'the table "{facts.name}" has no column "{column}"', hint=hint)
    return facts.name, found


def _tables_are(names: Collection[str]) -> str:
    shown = ", ".join(sorted(names)[:_SHOWN_TABLES])
    return f"the tables are {shown}{f' and {len(names) - _SHOWN_TABLES} more' if len(names) > _SHOWN_TABLES else ''}"


def _found(name: str, spelled: Mapping[str, str]) -> str | None:
    return spelled.get(name) or spelled.get(name.lower())


def _with_partition(table: str, ancestors: tuple[str, ...], touched: Touched) -> Touched:
    """The touches, and for each one of an ancestor of a table one of the table."""

    def more(touches: tuple[Touch, ...]) -> tuple[Touch, ...]:
        own = (t._replace(table=table, by=t.by or f"table {t.table}") for t in touches if t.table in ancestors)
        return (*touches, *dict.fromkeys(own))

    variants = {label: more(touches) for label, touches in touched.variants.items()}
    return replace(touched, touches=more(touched.touches), variants=variants)


def _own(catalogue: Catalogue) -> dict[str, TableFacts]:
    """The tables, without pydb's own, by each of their names."""
    found = {name: facts for name, facts in catalogue.tables.items() if not is_own_table(name)}
    for facts in tuple(found.values()):
        if facts.schema is not None:
            found.setdefault(f"{facts.schema}.{facts.bare_name}", facts)
    return found
