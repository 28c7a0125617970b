"""Prove that rights are sufficient and that none is superfluous: statements and rights in, a RightsProof out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pydb.describe import DescribedStatement, Session
from pydb.usage.rights import Needs, Right, RoleTrial, is_like, rights_of

__all__ = ["RightsProof", "Text", "prove_rights", "texts_with_needs"]


@dataclass(frozen=True, slots=True)
class Text:
    """One text that is sent, with what it needs: a statement without optional lines, or a variant."""

    name: str
    label: str
    described: DescribedStatement
    needs: Needs


@dataclass(frozen=True, slots=True)
class RightsProof:
    """``denied`` are the texts that the server denies to a role with the ``rights``, and why.

    ``superfluous`` are the rights without which it denies no text.  Texts of which not everything is known are not
    tried, nor are rights that only they need.
    """

    texts: int
    rights: int
    denied: tuple[tuple[Text, str], ...]
    superfluous: tuple[Right, ...]

    @property
    def holds(self) -> bool:
        """Whether the rights are sufficient and none is superfluous."""
        return not self.denied and not self.superfluous


def texts_with_needs(described: DescribedStatement, needs: Callable[[DescribedStatement], Needs]) -> tuple[Text, ...]:
    """The texts of a statement, each with what it needs."""
    name = described.definition.name
    return tuple(Text(name, label, one, needs(one)) for label, one in (described.variants or {"": described}).items())


def prove_rights(session: Session, texts: Sequence[Text], rights: Iterable[Right]) -> RightsProof:
    """Try the texts as a role with these rights in the session's scratch database, then without each right in turn.

    Raises PydbError if the session's user may not create a role.
    """
    given = frozenset(rights)
    # A text of which not everything is known may need more than was found.
    known = [text for text in texts if not text.needs.unknown]
    others = [text for text in texts if text.needs.unknown]
    tried = [right for right in sorted(given, key=str) if _is_asked(right, known) or not _is_asked(right, others)]
    with rights_of(session.engine).trial(session) as trial:
        trial.give(given)
        denied = [(text, why) for text in known if (why := _denied(text, trial)) is not None]
        failing = {id(text) for text, _ in denied}
        working = [text for text in known if id(text) not in failing]
        superfluous = [right for right in tried if not _is_needed(right, working, trial)]
    return RightsProof(len(known), len(tried), tuple(denied), tuple(superfluous))


def _denied(text: Text, trial: RoleTrial) -> str | None:
    why = trial.denied(text.described)
    return why or next((denial for probe in text.needs.probes if (denial := trial.denied_probe(probe))), None)


def _is_needed(right: Right, texts: Iterable[Text], trial: RoleTrial) -> bool:
    concerned = [text for text in texts if _asks_for(right, text.needs)]
    with trial.without(right):
        return any(_denied(text, trial) is not None for text in concerned)


def _is_asked(right: Right, texts: Iterable[Text]) -> bool:
    return any(_asks_for(right, text.needs) for text in texts)


def _asks_for(right: Right, needs: Needs) -> bool:
    return right in needs.rights or any(is_like(right, item) for item in needs.some)
