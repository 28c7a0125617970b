"""Match the statements of two versions: two sets of definitions in, pairs with their kinds of change out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pydb.review.model import ChangeKind
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.rendering import as_written, render
from pydb.sqlfile.tokens import WORD, significant

__all__ = ["Pair", "pairs"]


class Pair(NamedTuple):
    """A statement before and after; ``kind`` is None if it has not changed."""

    kind: ChangeKind | None
    old: Definition | None
    new: Definition | None

    @property
    def name(self) -> str:
        """Its name now, or its old name if it was removed."""
        definition = self.new or self.old
        assert definition is not None, "one of the two statements exists"
        return definition.name


def pairs(old: Iterable[Definition], new: Iterable[Definition]) -> tuple[Pair, ...]:
    """The statements of both versions, in the order of the new files; removed ones are at the end.

    A new statement counts as renamed if exactly one removed statement, and no other new statement, does the same.
    """
    before = {definition.name: definition for definition in old}
    after = {definition.name: definition for definition in new}
    gone = [definition for name, definition in before.items() if name not in after]
    come = [definition for name, definition in after.items() if name not in before]
    renamed = _renamed(gone, come)
    found = []
    for name, definition in after.items():
        if name in before:
            found.append(Pair(_kind(before[name], definition), before[name], definition))
        else:
            was = renamed.get(name)
            found.append(Pair(ChangeKind.ADDED if was is None else ChangeKind.RENAMED, was, definition))
    taken = {definition.name for definition in renamed.values()}
    found += [Pair(ChangeKind.REMOVED, definition, None) for definition in gone if definition.name not in taken]
    return tuple(found)


def _kind(old: Definition, new: Definition) -> ChangeKind | None:
    if _text(old) == _text(new):
        return None
    return ChangeKind.LAYOUT if _meaning(old) == _meaning(new) else ChangeKind.CHANGED


def _text(definition: Definition) -> object:
    """The whole content of a statement in its files, without its place."""
    forms = {engine: form.sql for engine, form in definition.forms.items()}
    return definition.doc, forms, _head(definition)


def _head(definition: Definition) -> object:
    """The content of the header and the directives."""
    return (
        *(definition.row_word, definition.record, dict(definition.parameter_types), dict(definition.column_types)),
        *(definition.nesting, tuple(definition.optional.values())),
    )


def _meaning(definition: Definition) -> object:
    """Everything on which a call depends, without layout, comments, documentation, and the files of the forms."""
    return _head(definition), {engine: _code(form, engine) for engine, form in definition.forms.items()}


def _code(form: Form, engine: str) -> object:
    if form.lines:
        # An optional line is sent as a whole or not at all.
        code = [(line.guard, line.alternative, _words(line.text, engine)) for line in form.lines]
        return _joined([item for item in code if item[2]])
    return _words(render(form.parts, as_written), engine)


def _joined(lines: Sequence[tuple[object, bool, tuple[str, ...]]]) -> list[tuple[object, bool, tuple[str, ...]]]:
    """Join lines that are always sent, so that line breaks do not count."""
    joined: list[tuple[object, bool, tuple[str, ...]]] = []
    for guard, alternative, words in lines:
        if joined and not guard and not joined[-1][0]:
            joined[-1] = (guard, alternative, joined[-1][2] + words)
        else:
            joined.append((guard, alternative, words))
    return joined


def _words(sql: str, engine: str) -> tuple[str, ...]:
    texts = (token.text.upper() if token.kind == WORD else token.text for token in significant(tokenize(sql, engine)))
    return tuple(text for text in texts if text != ";")


def _renamed(gone: Iterable[Definition], come: Iterable[Definition]) -> Mapping[str, Definition]:
    """The old statements by their new names."""
    old, new = ([(definition, _meaning(definition)) for definition in definitions] for definitions in (gone, come))
    found: dict[str, Definition] = {}
    for definition, meaning in new:
        same = [was for was, its in old if its == meaning]
        if len(same) == 1 and sum(meaning == its for _, its in new) == 1:
            found[definition.name] = same[0]
    return found
