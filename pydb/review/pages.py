"""Divide a review into pages and sections: a Review in, pages for text, Markdown and the site out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydb.findings import Finding
from pydb.review.model import ChangeKind, EngineChange, PlanChange, Review, StatementChange, TextChange
from pydb.support.plurals import number_of
from pydb.usage.callers import Caller

__all__ = ["Page", "Section", "page_of", "schema_sections", "verdict"]

SENTENCES = {
    ChangeKind.ADDED: "added",
    ChangeKind.REMOVED: "removed",
    ChangeKind.RENAMED: "renamed",
    ChangeKind.CHANGED: "changed",
    ChangeKind.LAYOUT: "only layout, comments or documentation changed",
    ChangeKind.AFFECTED: "the same text, on another schema",
}
"""The description of each kind of change on a page."""

MOST_VARIANTS = 4
"""The maximum number of variants in a title."""

MOST_PLANS = 6
"""The maximum number of different plans that are shown for a statement on each engine."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page with a title: ``lines`` of text, or of a ``diff``, which begin with ``-``, ``+`` or a space."""

    title: str
    lines: tuple[str, ...]
    form: Literal["diff", "text"] = "diff"

    @property
    def is_change(self) -> bool:
        """Whether it shows a difference."""
        return self.form == "text" or any(line[:1] in "-+" for line in self.lines if line)


@dataclass(frozen=True, slots=True)
class Page:
    """One statement: its name, the kind of change, its place, and the sections."""

    name: str
    what: str
    place: str
    plans: str
    deploy: str
    sections: tuple[Section, ...]


def page_of(change: StatementChange) -> Page:
    """The page of one statement."""
    what = SENTENCES[change.kind]
    return Page(
        change.name,
        f"{what}, was {change.old_name}" if change.old_name else what,
        change.place,
        _plans_word(change),
        _deploy_word(change),
        tuple(_sections(change)),
    )


def schema_sections(review: Review) -> tuple[Section, ...]:
    """The schema scripts that have changed, with some lines around the changes."""
    return tuple(Section(f"{schema.file}, {schema.engine}", tuple(schema.hunks())) for schema in review.schemas)


def verdict(review: Review) -> str:
    """One line: the number of statements that differ, and whether the deploy is safe."""
    kinds = Counter(change.kind for change in review.changes)
    words = {ChangeKind.LAYOUT: "in layout only", ChangeKind.AFFECTED: "affected by the schema"}
    counts = ", ".join(f"{kinds[kind]} {words.get(kind, kind.value)}" for kind in ChangeKind if kinds[kind])
    on = f" on {' and '.join(review.products)}" if review.products else ""
    differ = "statement differs" if len(review.changes) == 1 else "statements differ"
    head = f"{len(review.changes)} {differ} from {review.revision}{on}: {counts}"
    if not review.changes:
        head = f"no statement differs from {review.revision}{on}"
    unsafe = len(review.unsafe)
    deploy = f"; the rolling deploy is NOT SAFE: {number_of(unsafe, 'statement')}" if unsafe else ""
    refused = sum(any(engine.refused for engine in change.engines) for change in review.changes)
    broken = f"; REFUSED: {number_of(refused, 'statement')}" if refused else ""
    unchecked = f"; not checked: {'; '.join(review.unchecked)}" if review.unchecked else ""
    return f"{head}{broken}{deploy}{unchecked}"


def _plans_word(change: StatementChange) -> str:
    if change.kind in (ChangeKind.ADDED, ChangeKind.REMOVED):
        return change.kind.value
    return "changed" if any(engine.changes_plans for engine in change.engines) else "the same"


def _deploy_word(change: StatementChange) -> str:
    if change.unsafe:
        return "NOT SAFE"
    if any(engine.refused for engine in change.engines):
        return "REFUSED"
    if change.notes:
        return "migrate first"
    return f"not checked on {', '.join(change.unproven)}" if change.unproven else "safe"


# Sections.


def _sections(change: StatementChange) -> Iterator[Section]:
    if change.kind is not ChangeKind.AFFECTED:
        whole = len(change.forms) == 1
        for form in change.forms:
            if form.text.is_change or change.kind is ChangeKind.RENAMED:
                yield Section("SQL" if whole else f"SQL of {', '.join(form.engines)}", form.text.lines)
    if change.signature.is_change:
        yield Section("Python", change.signature.lines)
    for engine in change.engines:
        if engine.refused:
            yield Section(f"refused by {engine.product}", (engine.refused,), "text")
    yield from _plans(change)
    yield from _by_engines("tables and columns", change.engines, [engine.touches for engine in change.engines])
    yield from _by_engines("rights", change.engines, [engine.rights for engine in change.engines])
    if change.callers:
        yield Section(f"callers: {len(change.callers)}", tuple(map(_caller, change.callers)), "text")
    findings = (*change.unsafe, *change.notes)
    if findings:
        yield Section("rolling deploy", tuple(map(_finding, findings)), "text")


def _caller(caller: Caller) -> str:
    return f"{caller.file}:{caller.line}" + (f" in {caller.function}" if caller.function else "")


def _finding(finding: Finding) -> str:
    what = "not safe" if finding.level == "error" else "note"
    return f"{what}: {finding.file}:{finding.line}: {finding.message}    hint: {finding.hint}"


def _plans(change: StatementChange) -> Iterator[Section]:
    """The plans that differ; a plan that is the same is shown only if it is the only plan of a changed statement."""
    same: list[str] = []
    for engine in change.engines:
        kept = [plan for plan in engine.plans if not plan.text.is_change]
        own = change.kind not in (ChangeKind.AFFECTED, ChangeKind.LAYOUT)
        if kept and own and not engine.has_variants:
            yield Section(f"plan on {engine.product}, the same", kept[0].text.lines)
        elif kept and change.kind is not ChangeKind.LAYOUT:
            same.append(f"{engine.product}: {number_of(sum(len(plan.variants) for plan in kept), 'plan')}")
        yield from _changed_plans(engine)
    if same:
        yield Section("plans that are the same", tuple(same), "text")


def _changed_plans(engine: EngineChange) -> Iterator[Section]:
    """The first plans that differ, sorted: variants of both versions are first, then variants with few names."""
    changed = sorted((plan for plan in engine.plans if plan.text.is_change), key=_rank)
    for plan in changed[:MOST_PLANS]:
        named = _variants(plan) if engine.has_variants else ""
        yield Section(f"plan on {engine.product}{named}", plan.text.lines)
    left = changed[MOST_PLANS:]
    if left:
        what = f"{number_of(len(left), 'plan')} of {number_of(sum(len(plan.variants) for plan in left), 'variant')}"
        yield Section(f"more plans on {engine.product}", (f"{what}: --format json has them",), "text")


def _rank(plan: PlanChange) -> tuple[bool, int, str]:
    shortest = min(plan.variants, key=lambda label: (label.count(","), label))
    return None in (plan.text.old, plan.text.new), len(shortest) and 1 + shortest.count(","), shortest


def _variants(plan: PlanChange) -> str:
    """The variants with this plan, as in the name of the statement."""
    shown = sorted(plan.variants, key=lambda label: (label.count(","), label))[:MOST_VARIANTS]
    named = " ".join(f"[{label}]" for label in shown)
    more = len(plan.variants) - MOST_VARIANTS
    return f" {named}" + (f" and {more} more" if more > 0 else "")


def _by_engines(title: str, engines: Sequence[EngineChange], texts: Sequence[TextChange]) -> Iterator[Section]:
    """The differences; engines with the same difference share a section."""
    grouped: dict[TextChange, list[str]] = {}
    for engine, text in zip(engines, texts, strict=True):
        if text.is_change:
            grouped.setdefault(text, []).append(engine.product)
    for text, products in grouped.items():
        yield Section(f"{title} on {', '.join(products)}", text.lines)
