"""Find the types of a statement's parameters: a statement, its project and its database in; type words out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from sqlalchemy.engine import URL

from pydb.errors import PydbError
from pydb.execution.statement_types import types_of
from pydb.project import Project
from pydb.sqlfile.definition import Definition, TypeName
from pydb.sqlfile.type_words import SCALARS, scalar_of
from pydb.sqlfile.variants import Key, chosen, needed_by

__all__ = ["generated_types", "known_types"]


def known_types(project: Project, definition: Definition, url: URL, engine: str) -> Mapping[str, TypeName]:
    """The known types of the parameters that no directive declares.

    They are the types that ``pydb generate`` wrote.  If there are none, the database describes them, which needs the
    ``check`` extra.
    """
    if set(definition.bound) <= definition.parameter_types.keys():
        return {}
    found = generated_types(project, definition) or _described(definition, url, engine)
    return {
        name: type_
        for name, type_ in found.items()
        if name not in definition.parameter_types and scalar_of(type_.name) in SCALARS
    }


def generated_types(project: Project, definition: Definition) -> Mapping[str, TypeName]:
    """The parameters' types in the generated package; empty without a package, or if it was made from other SQL."""
    if project.package is None or project.sql is None:
        return {}
    try:
        table = project.own_modules.module(f"{project.package}.statement_types").TYPES
        found = types_of(table, definition.name).parameters
    except Exception:
        # The package may be stale or broken; `pydb run` must work then too, to find out what is wrong.
        return {}
    return found if found.keys() == set(definition.bound) else {}


def _covering(definition: Definition, engine: str) -> list[Key]:
    """As few variants as possible that together bind all parameters, because describing a variant delays the call."""
    binds = {key: needed_by(definition, engine, key) for key in chosen(definition)} if definition.optional else {}
    keys: list[Key] = []
    found: frozenset[str] = frozenset()
    while binds:
        best = max(binds, key=lambda key: len(binds[key] - found))
        if keys and binds[best] <= found:
            break
        keys.append(best)
        found |= binds.pop(best)
    return keys


def _described(definition: Definition, url: URL, engine: str) -> Mapping[str, TypeName]:
    try:
        from pydb.describe import DescribedStatement, describe
        from pydb.describe.session import sessions_of

        with closing(sessions_of(engine).existing(url)) as session:
            described = describe(session, definition, keys=_covering(definition, engine))
    except (ModuleNotFoundError, PydbError):
        return {}  # The call itself will report what is wrong with the database.
    if not isinstance(described, DescribedStatement):
        return {}
    return {
        name: TypeName(parameter.words[0], parameter.nullable)
        for name, parameter in described.parameters.items()
        if parameter.words
    }
