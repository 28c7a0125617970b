"""Keep descriptions from run to run: a session and a definition in, the description that ``describe`` would return out.

A description is kept under a digest of all that it depends on: the statement with its header and every form, the
schema, the engine with its settings, the types that the project says of columns, pydb's own code and its libraries.  It
is taken only where all of that is the same.  What an engine refuses is never kept: it is asked again.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from pydb.describe.described import DescribedStatement, Refusal
from pydb.describe.orphans import PREFIX
from pydb.describe.session import Session
from pydb.describe.variants import describe
from pydb.engines import registration
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.stored_nouns import digest_of, restored, stored
from pydb.sqlfile.variants import Key
from pydb.support.kept_results import KeptResults
from pydb.support.own_code import code_digest

__all__ = ["DescriptionCache", "circumstances"]


class DescriptionCache:
    """The descriptions of one engine's statements, in a file of the folder ``.pydb_cache``."""

    def __init__(self, folder: str, session: Session, key: bytes) -> None:
        self._kept, self._key = KeptResults(folder, f"descriptions.{session.engine}"), key
        self._session = session
        self._outside = _Outside(session.elsewhere())

    def describe(
        self, definition: Definition, said: Mapping[str, str], keys: Sequence[Key] | None
    ) -> DescribedStatement | Refusal | None:
        """The description, from the cache or new."""
        if self._session.engine not in definition.forms:
            return None
        if self._outside.is_named_in(definition.forms[self._session.engine].sql):
            return describe(self._session, definition, said, keys)
        digest = self._digest(definition)
        data = self._kept.get(digest)
        if data is not None:
            with suppress(Exception):  # an entry that cannot be read counts as missing
                return _of_bytes(data, definition, self._session.engine)
        found = describe(self._session, definition, said, keys)
        if isinstance(found, DescribedStatement):
            self._keep(digest, found)
        return found

    def _keep(self, digest: bytes, found: DescribedStatement) -> None:
        with suppress(TypeError):
            data = _as_bytes(found)
            # SHOW TABLES has a column that is named after the database.
            if PREFIX.encode() not in data:
                self._kept.add(digest, data)

    def save(self) -> None:
        """Write what was added; does nothing if that is not possible."""
        self._kept.save()

    def _digest(self, definition: Definition) -> bytes:
        """All that decides a description; where a plain statement is in its file does not."""
        whole: Any = definition if definition.optional else _without_places(definition)
        return digest_of((self._key, whole))


class _Outside:
    """Names that lead to what the schema does not contain: those of a server's other databases."""

    def __init__(self, names: Collection[str]) -> None:
        self._words = frozenset(name.lower() for name in names if re.fullmatch(r"\w+", name))
        self._others = [name.lower() for name in names if name.lower() not in self._words]

    def is_named_in(self, sql: str) -> bool:
        """Whether one of them may be named in a text."""
        if not self._words and not self._others:
            return False
        lower = sql.lower()
        return not self._words.isdisjoint(re.findall(r"\w+", lower)) or any(name in lower for name in self._others)


def circumstances(session: Session, schema: str, said: Mapping[str, str]) -> bytes | None:
    """A digest of all that descriptions in that session depend on besides their statements; None if that is unknown.

    ``schema`` is the script that its database was made of.
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
    """A definition without files and lines."""
    forms = tuple((engine, _without_place(form)) for engine, form in definition.forms.items())
    return (
        *(definition.name, definition.row_word, definition.record, definition.doc, definition.parameters),
        *(definition.sequences, definition.parameter_types, definition.column_types, definition.sql, forms),
    )


def _without_place(form: Form) -> tuple[Any, ...]:
    return (
        *(form.sql, form.parts, form.verb, form.returning, form.row_template, form.writes_outside),
        *(form.fixes_columns, form.nesting, form.lines),
    )


def _as_bytes(described: DescribedStatement) -> bytes:
    """A description without its definition, which the next check has; those of its variants have theirs."""
    variants = {key: replace(one, form=None) for key, one in described.variants.items()}  # type: ignore[arg-type]
    return stored(replace(described, definition=None, form=None, variants=variants))  # type: ignore[arg-type]


def _of_bytes(data: bytes, definition: Definition, engine: str) -> DescribedStatement:
    found: DescribedStatement = restored(data)
    variants = {key: replace(one, form=one.definition.forms[engine]) for key, one in found.variants.items()}
    return replace(found, definition=definition, form=definition.forms[engine], variants=variants)
