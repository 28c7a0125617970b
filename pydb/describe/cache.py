"""Cache descriptions from run to run: a session and a definition in, the result of ``describe`` out.

The key of an entry is a digest of everything that the description depends on: the statement with its header and every
form, the schema, the engine with its settings, the types that the project declares for columns, pydb's code and its
libraries.  A statement that the engine refuses is not cached: the engine is asked again.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from pydb.describe.cached_descriptions import CachedDescriptions
from pydb.describe.described import DescribedStatement, Refusal
from pydb.describe.session import Session
from pydb.describe.variants import describe
from pydb.engines import registration
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.stored_nouns import digest_of
from pydb.sqlfile.type_words import scalar_of
from pydb.sqlfile.variants import Key
from pydb.support.own_code import code_digest

__all__ = ["DescriptionCache", "circumstances"]

_DIGEST = hashlib.sha256().digest_size
_UNKNOWN = bytes(_DIGEST)
"""The interface of a statement whose generated code depends on a module of the application."""


class DescriptionCache:
    """The descriptions of one engine's statements, in a file of the folder ``.pydb_cache``."""

    def __init__(self, folder: str, session: Session, key: bytes) -> None:
        self._cached, self._key = CachedDescriptions(folder, f"descriptions.{session.engine}", key), key
        self._session = session
        self._outside = _Outside(session.elsewhere())
        self._interfaces: list[bytes] | None = []

    def describe(
        self, definition: Definition, said: Mapping[str, str], keys: Sequence[Key] | None
    ) -> DescribedStatement | Refusal | None:
        """The description, from the cache or a new one; None if the statement has no form on this engine."""
        if self._session.engine not in definition.forms:
            return None
        if self._outside.is_named_in(definition.forms[self._session.engine].sql):
            self._interfaces = None
            return describe(self._session, definition, said, keys)
        digest = self._digest(definition)
        cached = self._cached.get(definition.name, digest)
        if cached is not None:
            self._add_interface(cached[0])
            return _described(cached[1], definition, self._session.engine)
        new = describe(self._session, definition, said, keys)
        if isinstance(new, DescribedStatement):
            interface = _interface(new)
            self._add_interface(interface)
            self._cached.add(definition.name, digest, (interface, _parts(new)))
        else:
            self._interfaces = None
        return new

    def _add_interface(self, interface: bytes) -> None:
        if self._interfaces is not None:
            self._interfaces.append(interface)

    def interface(self) -> bytes | None:
        """A digest of everything in the saved descriptions that the generated code depends on.

        None if something is unknown: a description that cannot be cached, or a type in a module of the application.
        """
        if self._interfaces is None or _UNKNOWN in self._interfaces:
            return None
        return hashlib.sha256(b"".join(self._interfaces)).digest()

    def save(self) -> None:
        """Write the new entries to the file; do nothing if that is not possible."""
        if not self._cached.save():
            self._interfaces = None

    def _digest(self, definition: Definition) -> bytes:
        """The digest of what decides a description; the position of a plain statement in its file does not."""
        if definition.optional or definition.nesting is not None:
            whole: Any = definition if definition.optional else _without_places(definition)
            return digest_of((self._key, whole))
        # The same texts have the same repr, which takes a fifth of the time.
        text = repr(_without_places(definition))
        return hashlib.sha256(self._key + text.encode("utf-8", "surrogatepass")).digest()


class _Outside:
    """The names of a server's other databases: a statement can use them to reach what the schema does not contain."""

    def __init__(self, names: Collection[str]) -> None:
        self._words = frozenset(name.lower() for name in names if re.fullmatch(r"\w+", name))
        self._others = [name.lower() for name in names if name.lower() not in self._words]

    def is_named_in(self, sql: str) -> bool:
        """Whether a text may contain one of the names."""
        if not self._words and not self._others:
            return False
        lower = sql.lower()
        return not self._words.isdisjoint(re.findall(r"\w+", lower)) or any(name in lower for name in self._others)


def circumstances(session: Session, schema: str, said: Mapping[str, str]) -> bytes | None:
    """A digest of everything besides the statements that descriptions in this session depend on.

    ``schema`` is the script from which the session's database was made.  Returns None if something is unknown:
    descriptions cannot be cached then.
    """
    code, engine = code_digest(), registration(session.engine)
    parts = {kind: engine.parts.get(kind) for kind in ("facts", "rules", "sessions", "syntax")}
    own = all(isinstance(part, str) and part.startswith("pydb.") for part in parts.values())
    if code is None or not own or _Outside(session.elsewhere()).is_named_in(schema):
        return None
    facts = (
        *(sys.version, version("sqlglot"), engine.name, sorted(parts.items()), engine.overlays, schema),
        *(session.product, sorted(session.settings()), sorted(session.fingerprint().items()), sorted(said.items())),
    )
    return hashlib.sha256(code + repr(facts).encode("utf-8", "surrogatepass")).digest()


def _without_places(definition: Definition) -> tuple[Any, ...]:
    """The parts of a plain definition, without files and lines, and without what follows from its SQL."""
    forms = tuple([(engine, form.sql, form.nesting) for engine, form in definition.forms.items()])
    return *_header(definition), definition.sql, forms


def _header(definition: Definition) -> tuple[Any, ...]:
    return (
        *(definition.name, definition.row_word.value, definition.record, definition.doc, definition.parameters),
        *(tuple(sorted(definition.sequences)), definition.parameter_types, definition.column_types),
    )


def _interface(described: DescribedStatement) -> bytes:
    """A digest of everything in a description that the generated code depends on: the SQL is not part of it."""
    definition, form = described.definition, described.form
    types = [type_.name for type_ in (*definition.parameter_types.values(), *definition.column_types.values())]
    types += [column.said or "" for column in described.columns]
    types += [parameter.said or "" for parameter in described.parameters.values()]
    if any("." in scalar_of(word) for word in types):
        return _UNKNOWN
    written = tuple(form.written(name) for name in definition.parameters)
    text = repr((_header(definition), form.verb, form.returning, written, described.uneven))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    traits = described.traits
    plain = (traits.at_most_one, traits.ordered, traits.arbitrary_limit, traits.table, traits.key, traits.inserts)
    for part in (described.columns, tuple(described.parameters.items()), plain, traits.counting):
        digest.update(_known_digest(part))
    rest = (traits.level_problems, traits.objects, described.levels, definition.optional, definition.nesting)
    if any(rest):
        digest.update(digest_of(rest))
    return digest.digest()


@lru_cache(10_000)
def _known_digest(value: Any) -> bytes:
    """``digest_of`` a hashable value: many statements have the same columns."""
    return digest_of(value)


def _parts(described: DescribedStatement) -> tuple[Any, ...]:
    """A description without its definition and form: the next run has them.  Its variants keep their definitions."""
    variants = {key: replace(one, form=None) for key, one in described.variants.items()}  # type: ignore[arg-type]
    return described.columns, described.parameters, described.traits, variants, described.uneven, described.levels


def _described(parts: tuple[Any, ...], definition: Definition, engine: str) -> DescribedStatement:
    columns, parameters, traits, variants, *rest = parts
    variants = {key: replace(one, form=one.definition.forms[engine]) for key, one in variants.items()}
    return DescribedStatement(
        definition, engine, definition.forms[engine], columns, parameters, traits, variants, *rest
    )
