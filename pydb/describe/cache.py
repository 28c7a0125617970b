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
        """The description, from the cache or a new one; None if the statement has no form on this engine."""
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
            # A description that names the scratch database is useless later: SHOW TABLES names a column after it.
            if PREFIX.encode() not in data:
                self._kept.add(digest, data)

    def save(self) -> None:
        """Write the new entries to the file; do nothing if that is not possible."""
        self._kept.save()

    def _digest(self, definition: Definition) -> bytes:
        """The digest of what decides a description; the position of a plain statement in its file does not."""
        whole: Any = definition if definition.optional else _without_places(definition)
        return digest_of((self._key, whole))


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
    """The parts of a definition, without files and lines."""
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
    """The bytes of a description, without its definition and form: the next run has them.

    Its variants keep their definitions.
    """
    variants = {key: replace(one, form=None) for key, one in described.variants.items()}  # type: ignore[arg-type]
    return stored(replace(described, definition=None, form=None, variants=variants))  # type: ignore[arg-type]


def _of_bytes(data: bytes, definition: Definition, engine: str) -> DescribedStatement:
    found: DescribedStatement = restored(data)
    variants = {key: replace(one, form=one.definition.forms[engine]) for key, one in found.variants.items()}
    return replace(found, definition=definition, form=definition.forms[engine], variants=variants)
