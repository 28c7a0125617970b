"""Write a review for a program: a Review in, a JSON document out."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pydb.review.model import Review, StatementChange, TextChange
from pydb.support.escapes import escaped_json

__all__ = ["review_json"]


def review_json(review: Review) -> str:
    """The document: an object with what was compared, and ``changes``, an array of the statements that differ."""
    document = {
        "revision": review.revision,
        "products": review.products,
        "unchecked": review.unchecked,
        "safe": not review.unsafe,
        "schemas": [{"engine": one.engine, "file": one.file, "text": _text(one.text)} for one in review.schemas],
        "changes": [_change(change) for change in review.changes],
    }
    return escaped_json(json.dumps(document, ensure_ascii=False, indent=2))


def _change(change: StatementChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "name": change.name,
        "old_name": change.old_name,
        "forms": [
            {"engines": form.engines, "old_place": form.old_place, "new_place": form.new_place, **_text(form.text)}
            for form in change.forms
        ],
        "signature": _text(change.signature),
        "engines": [
            {
                "engine": one.engine,
                "product": one.product,
                "refused": one.refused or None,
                "plans": [{"variants": plan.variants, **_text(plan.text)} for plan in one.plans],
                "touches": _text(one.touches),
                "rights": _text(one.rights),
            }
            for one in change.engines
        ],
        "callers": [caller._asdict() for caller in change.callers],
        "unsafe": [asdict(finding) for finding in change.unsafe],
        "notes": [asdict(finding) for finding in change.notes],
        "unproven": change.unproven,
    }


def _text(text: TextChange) -> dict[str, str | None]:
    return {"old": text.old, "new": text.new}
