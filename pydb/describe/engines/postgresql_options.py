"""Draft changes of the options of a table, view or trigger: two texts of the fingerprint in, actions of ALTER out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

__all__ = [
    "STATES",
    "indexed_table",
    "names_of_keys",
    "option_changes",
    "partitioned",
    "sequence_options",
    "trigger_state",
]

STATES = {"DISABLE": " DISABLED", "ENABLE ALWAYS": " ENABLED ALWAYS", "ENABLE REPLICA": " ENABLED ON REPLICA"}
"""The end of a trigger's text in the fingerprint, by the action of ALTER TABLE that sets this state."""

_ENDED = re.compile(r"; (?=(?:UNLOGGED|PARTITION|INHERITS|FOR|DEFAULT|WITH|ROW|FORCE)\b)")

_KEPT_BY_INDEX = re.compile(r"PRIMARY KEY|UNIQUE|EXCLUDE")

_SWITCHES = {
    "ROW LEVEL SECURITY": ("ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY"),
    "FORCE ROW LEVEL SECURITY": ("FORCE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY"),
    "UNLOGGED": ("SET UNLOGGED", "SET LOGGED"),
}
"""For an option in the fingerprint, the actions of ALTER TABLE that set it and that remove it."""


def option_changes(have: str | None, want: str | None) -> Iterator[tuple[str, str | None]]:
    """The actions of ALTER for the options that differ; if there is no action, an empty text and a note."""
    before, after = _options(have), _options(want)
    for option in sorted(before ^ after, key=lambda option: (option in after, option)):
        settings = option.removeprefix("WITH (").removesuffix(")")
        if option in _SWITCHES:
            yield _SWITCHES[option][option in before], None
        elif option.startswith("WITH ("):
            names = ", ".join(setting.partition("=")[0] for setting in settings.split(", "))
            yield f"RESET ({names})" if option in before else f"SET ({settings})", None
        elif option in after:
            yield "", f"{option}: this needs a new table, or ATTACH PARTITION."


def partitioned(text: str) -> str:
    """The table of which a partition with that text is one."""
    found = next((option for option in _options(text) if option.startswith("PARTITION OF ")), "")
    return found.removeprefix("PARTITION OF ").replace('"', "")


def trigger_state(text: str) -> str:
    """The action of ALTER TABLE that sets a trigger's state; an empty text for the state after CREATE TRIGGER."""
    return next((action for action, end in STATES.items() if text.endswith(end)), "")


def _options(text: str | None) -> set[str]:
    return set(_ENDED.split(text)) if text else set()


def indexed_table(definition: str) -> str:
    """The table of an index's definition."""
    found = re.search(r' ON (?:ONLY )?((?:"[^"]+"|[^\s".]+)(?:\.(?:"[^"]+"|[^\s".]+))?) USING ', definition)
    return found[1].replace('"', "") if found else ""


def sequence_options(definition: str) -> str:
    """The options of ALTER SEQUENCE, from the definition in a fingerprint."""
    *type_, start, step, least, most, cycle = definition.split(" ")
    cycles = "CYCLE" if cycle.startswith("t") else "NO CYCLE"
    return f"AS {' '.join(type_)} START {start} INCREMENT {step} MINVALUE {least} MAXVALUE {most} {cycles}"


def names_of_keys(fingerprint: Mapping[str, str]) -> frozenset[str]:
    """The names of the constraints that have an index of the same name."""
    return frozenset(
        name.removeprefix("constraint ").partition(" of ")[0]
        for name, text in fingerprint.items()
        if name.startswith("constraint ") and _KEPT_BY_INDEX.match(text)
    )
